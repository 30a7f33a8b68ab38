// The body of io/atomic_file.hpp, so that the trainer needs no other room of the library. A program that links penstock::compiled too takes one of the two from the archives.
#include <penstock/io/impl/atomic_file.ipp>
