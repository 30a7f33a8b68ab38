// distill: from articles that a large model has scored to a small model that scores them.
#include "commands.hpp"
#include "configuration.hpp"

int main(int argc, char** argv) {
    return penstock::run::main(argc, argv,
        {.name = "distill", .about = "Makes a small model that scores articles as a large one does.",
         .more = "Example: distill prepare --filter filters/uplifting/v1 --input labelled.jsonl --output-dir datasets/uplifting\n",
         .yaml = distill::training_configuration},
        distill::prepare(), distill::train_command(), distill::evaluate(), distill::score(), distill::plan(), distill::tokens());
}
