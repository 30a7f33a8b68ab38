/// JSON in and out of records: json::decode<T>(text), json::encode(x), and json::parse<T> for map. See json_decode.hpp and json_encode.hpp, which can be included alone.
#pragma once
#include <penstock/record/json_decode.hpp>
#include <penstock/record/json_encode.hpp>
