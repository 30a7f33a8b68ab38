// One file a command; main.cpp only lists them.
#pragma once
#include <memory>
#include <penstock/run/main.hpp>

namespace distill {

std::unique_ptr<penstock::run::command_base> prepare();
std::unique_ptr<penstock::run::command_base> train_command();
std::unique_ptr<penstock::run::command_base> evaluate();
std::unique_ptr<penstock::run::command_base> score();
std::unique_ptr<penstock::run::command_base> plan();
std::unique_ptr<penstock::run::command_base> tokens();

} // namespace distill
