// The one unit of an embedder's program that holds the bodies.
#include <penstock/src.hpp>
