# Debian 12's own packages stand for what Conan would build: nothing is fetched.
[settings]
os=Linux
arch={{ {"x86_64": "x86_64", "aarch64": "armv8"}[platform.machine()] }}
compiler={{ os.getenv("PENSTOCK_CONAN_COMPILER", "gcc") }}
compiler.version={{ {"gcc": "12", "clang": "19"}[os.getenv("PENSTOCK_CONAN_COMPILER", "gcc")] }}
compiler.cppstd=23
compiler.libcxx=libstdc++11
build_type=Release
[conf]
tools.cmake.cmaketoolchain:generator=Ninja
tools.cmake.cmaketoolchain:user_presets=
tools.cmake.cmake_layout:test_folder={{ os.getenv("CONAN_TEST_FOLDER", "$TMP") }}
tools.build:compiler_executables={"cpp": "{{ {"gcc": "g++", "clang": "clang++-19"}[os.getenv("PENSTOCK_CONAN_COMPILER", "gcc")] }}"}
[platform_requires]
range-v3/0.12.0
simdjson/3.0.1
fmt/9.1.0
cli11/2.1.2
spdlog/1.10.0
xxhash/0.8.1
utf8proc/2.6.0
sqlite3/3.40.1
boost/1.81.0
openssl/3.0.17
zlib/1.2.13
zstd/1.5.4
[platform_tool_requires]
cmake/3.25.1
ninja/1.11.1
