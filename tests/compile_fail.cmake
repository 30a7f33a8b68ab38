# penstock_compile_fail(<prefix> <files>...): each file is compiled twice, as it stands (its twin: must compile) and with -DSHOULD_FAIL (must not, and the
# diagnostic must match the file's "// error: <regex>" line). No nested builds, so ctest -j works.
function(penstock_compile_fail prefix)
  foreach(source IN LISTS ARGN)
    cmake_path(GET source STEM name)
    file(STRINGS ${source} line REGEX "^// error: " LIMIT_COUNT 1)
    string(REPLACE "// error: " "" expected "${line}")
    set(compile ${CMAKE_CXX_COMPILER} -std=c++23 -fsyntax-only -I${PROJECT_SOURCE_DIR}/include ${source})
    add_test(NAME compile_fail.${prefix}.${name}.twin COMMAND ${compile})
    add_test(NAME compile_fail.${prefix}.${name} COMMAND ${compile} -DSHOULD_FAIL)
    set_tests_properties(compile_fail.${prefix}.${name} PROPERTIES PASS_REGULAR_EXPRESSION "error: [^\n]*${expected}" LABELS compile_fail)
    set_tests_properties(compile_fail.${prefix}.${name}.twin PROPERTIES LABELS compile_fail)
  endforeach()
endfunction()
