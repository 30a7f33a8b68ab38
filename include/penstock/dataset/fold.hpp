/// Text as a reader would call it "the same": Unicode case folding, canonical composition, every run of white space one blank. Two essays that differ in
/// capitals or line ends are one essay to a split.
#pragma once
#include <string>
#include <string_view>

namespace penstock::dataset {

/// Full case folding (ß becomes ss), NFC, no white space at the ends. fold(fold(x)) == fold(x). Bytes that are not UTF-8 stay as they are.
std::string fold(std::string_view text);

} // namespace penstock::dataset
