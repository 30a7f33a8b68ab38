/// The commands of the tool, one file each: a new one is a file and a line in main.cpp.
#pragma once
#include <penstock/run/main.hpp>
#include <memory>

namespace tool {

std::unique_ptr<penstock::run::command_base> convert();
std::unique_ptr<penstock::run::command_base> journal();
std::unique_ptr<penstock::run::command_base> leakage();
std::unique_ptr<penstock::run::command_base> lint();

} // namespace tool
