// The tool for files and runs.
#include "commands.hpp"

int main(int argc, char** argv) {
    return penstock::run::main(argc, argv, {.name = "penstock", .about = "Looks after fine-tuning files and runs."},
        tool::lint(), tool::leakage(), tool::convert(), tool::journal());
}
