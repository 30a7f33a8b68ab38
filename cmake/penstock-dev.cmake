# penstock-dev: what our own targets are compiled with. Users link penstock::penstock and keep their own warnings.
# Off with g++ 12 alone: tsan (fences of Asio and <atomic> under TSan), restrict (fires inside "text" + std::string: GCC bug 105651),
# maybe-uninitialized (fires on short strings compared with a literal, at -O2; the sanitizers look for the real thing).
add_library(penstock-dev INTERFACE)
target_compile_options(penstock-dev INTERFACE
  "$<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wpedantic;-Wconversion>"                                              # nvcc has its own
  "$<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-tsan;-Wno-restrict;-Wno-maybe-uninitialized>")
if(NOT PENSTOCK_ONLY_TRAINER)      # that one is built on machines with compilers that are not ours: a new warning must not stop it
  target_compile_options(penstock-dev INTERFACE "$<$<COMPILE_LANGUAGE:CXX>:-Werror>")
endif()
