#include <doctest/doctest.h>
#include <penstock/dataset/fingerprint.hpp>
#include <penstock/dataset/fold.hpp>

namespace ds = penstock::dataset;

TEST_CASE("fold: case, white space, composition") {
    CHECK(ds::fold("  Some People\r\n\tBELIEVE  ") == "some people believe");
    CHECK(ds::fold("") == "");
    CHECK(ds::fold(" \n\t ") == "");
    CHECK(ds::fold("Straße ÉTÉ") == "strasse été");
    CHECK(ds::fold("e\xCC\x81") == "é");                                    // combining acute after an ASCII letter
    CHECK(ds::fold("E\xCC\x81") == ds::fold("É"));
    CHECK(ds::fold("a\xC2\xA0\xE2\x80\x83\xE3\x80\x80" "b") == "a b");       // no-break space, em space, ideographic space
    CHECK(ds::fold("ΣΊΣΥΦΟΣ") == ds::fold("σίσυφος"));                     // final sigma
    CHECK(ds::fold("\xFF" "A\xC3") == "\xFF" "a\xC3");                       // not UTF-8: as it is
    CHECK(ds::fold("A\xFFÉ") == "a\xFFé");
}

TEST_CASE("fingerprint: of the text, by kind") {
    CHECK(ds::fingerprint_of("a") == ds::fingerprint_of("a"));
    CHECK(ds::fingerprint_of("a") != ds::fingerprint_of("b"));
    CHECK(ds::fingerprint_of("a", 0) != ds::fingerprint_of("a", 1));
    CHECK(ds::folded_fingerprint_of("A  b\n") == ds::fingerprint_of("a b"));
    CHECK(ds::fingerprint_of("") == ds::fingerprint{0x99aa06d3014798d8, 0x6001c324468d497f});   // XXH3_128bits of nothing, seed 0: the same on every machine
}
