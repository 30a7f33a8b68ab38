import os
from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy


class Penstock(ConanFile):
    name = "penstock"
    version = "0.1.0"
    license = "BSL-1.0"
    description = "Pipelines from records to fine-tuning data, built at compile time"
    package_type = "static-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"compiled": [True, False], "net": [True, False]}   # compiled=False: the core, headers alone
    default_options = {"compiled": True, "net": True}

    def export_sources(self):
        root = os.path.join(self.recipe_folder, "..")
        for pattern in ("CMakeLists.txt", "LICENSE", "cmake/*", "include/*"):
            copy(self, pattern, root, self.export_sources_folder)

    def requirements(self):
        self.requires("range-v3/[>=0.12 <1]", transitive_headers=True)
        if self.options.compiled:
            self.requires("simdjson/[>=3.0.1 <4]", transitive_headers=True)
            for library in ("fmt/[>=9.1]", "cli11/[>=2.1]", "spdlog/[>=1.10]", "xxhash/[>=0.8]", "utf8proc/[>=2.6]", "sqlite3/[>=3.40]", "zlib/[>=1.2]", "zstd/[>=1.5]"):
                self.requires(library)
            if self.options.net:
                self.requires("boost/[>=1.81]", options={"header_only": True})
                self.requires("openssl/[>=3 <4]")

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables.update({
            "PENSTOCK_WITH_COMPILED": bool(self.options.compiled), "PENSTOCK_WITH_NET": bool(self.options.net),
            "PENSTOCK_BUILD_APPS": False, "PENSTOCK_BUILD_TESTS": False, "PENSTOCK_BUILD_KERNELS": False})
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()

    def package_id(self):
        if not self.info.options.compiled:
            self.info.clear()

    def package_info(self):
        self.cpp_info.set_property("cmake_find_mode", "none")   # our own config file, the same as install()'s
        self.cpp_info.builddirs = [os.path.join("lib", "cmake", "penstock")]
