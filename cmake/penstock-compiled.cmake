# penstock::header_only: the rooms above the core and the libraries they need; its user includes <penstock/src.hpp> in one unit.
# penstock::compiled: the same with every body (include/**/impl/*.ipp) compiled once, each a unit of its own, so that CLI11, spdlog or zlib cost one unit and no app.
include(penstock-libraries)
add_library(penstock-header-only INTERFACE)
add_library(penstock::header_only ALIAS penstock-header-only)
set_target_properties(penstock-header-only PROPERTIES EXPORT_NAME header_only
  VERIFY_INTERFACE_HEADER_SETS ${PROJECT_IS_TOP_LEVEL} INTERFACE_HEADER_SETS_TO_VERIFY HEADERS)
set(whole "${CMAKE_CURRENT_SOURCE_DIR}/include/penstock/src.hpp")     # all bodies: tests/embed compiles it
list(REMOVE_ITEM headers "${whole}")
target_sources(penstock-header-only INTERFACE
  FILE_SET HEADERS BASE_DIRS include FILES ${headers}
  FILE_SET bodies TYPE HEADERS BASE_DIRS include FILES ${bodies} "${whole}")
target_link_libraries(penstock-header-only INTERFACE penstock ${penstock_libraries})
target_compile_definitions(penstock-header-only INTERFACE SIMDJSON_DEVELOPMENT_CHECKS=0)    # one layout of its parser in every unit, optimised or not
if(PENSTOCK_WITH_NET)
  target_link_libraries(penstock-header-only INTERFACE penstock-net)
else()
  target_compile_definitions(penstock-header-only INTERFACE PENSTOCK_WITHOUT_NET)
endif()

set(units)
foreach(body IN LISTS bodies)
  cmake_path(RELATIVE_PATH body BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/include" OUTPUT_VARIABLE name)
  string(REGEX REPLACE "[/.]" "_" unit "${name}")
  set(unit "${CMAKE_CURRENT_BINARY_DIR}/compiled/${unit}.cpp")
  file(CONFIGURE OUTPUT "${unit}" CONTENT "#include <${name}>\n")
  list(APPEND units "${unit}")
endforeach()
if(units)
  add_library(penstock-compiled STATIC ${units})
  target_link_libraries(penstock-compiled PUBLIC penstock-header-only PRIVATE $<BUILD_INTERFACE:penstock-dev>)
else()
  add_library(penstock-compiled INTERFACE)
  target_link_libraries(penstock-compiled INTERFACE penstock-header-only)
endif()
add_library(penstock::compiled ALIAS penstock-compiled)
set_target_properties(penstock-compiled PROPERTIES EXPORT_NAME compiled)
