/// json_schema<T>(): the JSON Schema 2020-12 of a record, put together at compile time. It says what json::decode with json::strict checks: no other keys,
/// every member that is not optional, the rules of constrained types. Nested records stand inline; one that contains itself is `{"$ref":"#"}`.
/// strict_schema<T>(): the same in the form that providers' constrained decoding takes, where every member is required and texts have no length.
#pragma once
#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>
#include <penstock/record/constrained.hpp>
#include <penstock/record/enums.hpp>
#include <penstock/record/fields.hpp>
#include <penstock/record/fixed_string.hpp>
#include <penstock/record/json_raw.hpp>
#include <penstock/record/static_text.hpp>

namespace penstock {

namespace detail {
template <class T> inline constexpr bool schema_optional = false;
template <class T> inline constexpr bool schema_optional<std::optional<T>> = true;
template <class T> inline constexpr bool schema_vector = false;
template <class T> inline constexpr bool schema_vector<std::vector<T>> = true;
template <class T> inline constexpr bool schema_array = false;
template <class T, std::size_t N> inline constexpr bool schema_array<std::array<T, N>> = true;
template <class T> concept schema_map = requires { typename T::mapped_type; requires std::same_as<typename T::key_type, std::string>; };
template <class T> inline constexpr bool unsayable = false;

template <bool Strict, class... T> struct inside {};         // the records around the current one, outermost first
template <bool Strict, class Root, class... Rest> constexpr bool is_root(inside<Strict, Root, Rest...>*, auto* t) { return std::is_same_v<Root*, decltype(t)>; }
template <bool Strict, class... Around> constexpr bool is_root(inside<Strict, Around...>*, ...) { return false; }

constexpr void put_bounds(text_out& out, std::size_t min, std::size_t max, std::string_view of) {
    if (min != 0) { out.put(",\"min"); out.put(of); out.put("\":"); out.number(min); }
    if (max != unbounded) { out.put(",\"max"); out.put(of); out.put("\":"); out.number(max); }
}
template <class Names> constexpr void put_choices(text_out& out, Names const& names) {
    out.put("{\"type\":\"string\",\"enum\":[");
    for (std::size_t i = 0; i != names.size(); ++i) { if (i != 0) out.put(','); out.quoted(names[i]); }
    out.put("]}");
}

template <class T, bool Strict, class... Around> constexpr void put_schema(text_out& out, inside<Strict, Around...>);

template <class T, bool Strict, class... Around, std::size_t... I> constexpr void put_members(text_out& out, inside<Strict, Around...>, std::index_sequence<I...>) {
    using parts = decltype(fields(std::declval<T&>()));
    out.put("\"type\":\"object\",\"properties\":{");
    ((I == 0 ? void() : out.put(','), out.quoted(field_names<T>[I]), out.put(':'),
      put_schema<std::remove_cvref_t<std::tuple_element_t<I, parts>>>(out, inside<Strict, Around..., T>{})), ...);
    out.put("},\"required\":[");
    bool first = true;
    ((!Strict && schema_optional<std::remove_cvref_t<std::tuple_element_t<I, parts>>> ? void() : (first ? void() : out.put(','), first = false, out.quoted(field_names<T>[I]))), ...);
    out.put("],\"additionalProperties\":false");
}
template <class T, bool Strict, class... Around> constexpr void put_schema(text_out& out, inside<Strict, Around...>) {
    if constexpr (std::same_as<T, bool>) out.put("{\"type\":\"boolean\"}");
    else if constexpr (std::integral<T>) {
        static_assert(!std::same_as<T, char>, "penstock::json_schema: a single character is neither a JSON number nor a text; use std::string or an integer");
        if constexpr (Strict) out.put("{\"type\":\"integer\"}");
        else {
            out.put("{\"type\":\"integer\",\"minimum\":"); out.number(std::numeric_limits<T>::min());
            out.put(",\"maximum\":"); out.number(std::numeric_limits<T>::max()); out.put('}');
        }
    }
    else if constexpr (std::floating_point<T>) out.put("{\"type\":\"number\"}");
    else if constexpr (std::same_as<T, std::string>) out.put("{\"type\":\"string\"}");
    else if constexpr (std::same_as<T, json::raw>) {
        static_assert(!Strict, "penstock::strict_schema: a provider cannot be held to json::raw, which is any value at all");
        out.put("{}");
    }
    else if constexpr (schema_optional<T>) {
        out.put("{\"anyOf\":["); put_schema<typename T::value_type>(out, inside<Strict, Around...>{}); out.put(",{\"type\":\"null\"}]}");
    }
    else if constexpr (is_number<T>) {
        out.put(std::integral<typename T::value_type> ? "{\"type\":\"integer\",\"minimum\":" : "{\"type\":\"number\",\"minimum\":"); out.number(T::min);
        out.put(",\"maximum\":"); out.number(T::max);
        if constexpr (T::step.has_value()) { out.put(",\"multipleOf\":"); out.number(*T::step); }
        out.put('}');
    }
    else if constexpr (is_text<T>) { out.put("{\"type\":\"string\""); if constexpr (!Strict) put_bounds(out, T::min, T::max, "Length"); out.put('}'); }
    else if constexpr (is_one_of<T>) put_choices(out, T::choices);
    else if constexpr (std::is_enum_v<T>) {
        static_assert(named_enum<T>, "penstock::json_schema: this enum must state its type (enum kind : int) or be an enum class, so that its names can be found");
        put_choices(out, enum_names<T>);
    }
    else if constexpr (is_list<T>) {
        out.put("{\"type\":\"array\""); put_bounds(out, T::min, T::max, "Items"); out.put(",\"items\":");
        put_schema<typename T::element>(out, inside<Strict, Around...>{}); out.put('}');
    }
    else if constexpr (schema_vector<T>) { out.put("{\"type\":\"array\",\"items\":"); put_schema<typename T::value_type>(out, inside<Strict, Around...>{}); out.put('}'); }
    else if constexpr (schema_array<T>) {
        out.put("{\"type\":\"array\""); put_bounds(out, std::tuple_size_v<T>, std::tuple_size_v<T>, "Items"); out.put(",\"items\":");
        put_schema<typename T::value_type>(out, inside<Strict, Around...>{}); out.put('}');
    }
    else if constexpr (schema_map<T>) {
        static_assert(!Strict, "penstock::strict_schema: providers take no object of unknown keys; use a list of records with a name and a value");
        out.put("{\"type\":\"object\",\"additionalProperties\":"); put_schema<typename T::mapped_type>(out, inside<Strict, Around...>{}); out.put('}');
    }
    else if constexpr (record<T>) {
        if constexpr ((std::same_as<T, Around> || ...)) {
            static_assert(is_root(static_cast<inside<Strict, Around...>*>(nullptr), static_cast<T*>(nullptr)),
                          "penstock::json_schema: a record inside the described one contains itself; only the outermost record can be referred to. Describe it on its own, or unroll it");
            out.put("{\"$ref\":\"#\"}");
        } else { out.put('{'); put_members<T>(out, inside<Strict, Around...>{}, std::make_index_sequence<field_names<T>.size()>{}); out.put('}'); }
    }
    else static_assert(unsayable<T>, "penstock::json_schema: no schema for this type; known are bool, numbers, std::string, std::optional, std::vector, std::array, maps from "
                                     "std::string, enums, the constrained types, json::raw, and records of them");
}
template <class T, fixed_string Title> struct schema_source {
    static constexpr void write(text_out& out) {
        if constexpr (Title.size() == 0) put_schema<T>(out, inside<false>{});
        else {
            static_assert(record<T>, "penstock::json_schema: only the schema of a record has a title");
            out.put("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":"); out.quoted(Title.view()); out.put(',');
            put_members<T>(out, inside<false>{}, std::make_index_sequence<field_names<T>.size()>{});
            out.put('}');
        }
    }
};
template <class T> struct strict_source {
    static_assert(record<T>, "penstock::strict_schema: providers want an object: make the reply a record");
    static constexpr void write(text_out& out) { put_schema<T>(out, inside<true>{}); }
};
}

/// The schema as one line of JSON, in static storage. With a title it begins with $schema, as a file does; without, as a part of a request does.
template <class T, fixed_string Title = ""> constexpr std::string_view json_schema() { return detail::static_text<detail::schema_source<T, Title>>; }
/// What a provider's constrained decoding is given (OpenAI's strict form, which Azure and the local servers share): optional members are required and may
/// be null; lengths of texts and the limits of plain integers, which it refuses, are left to the decoder.
template <class T> constexpr std::string_view strict_schema() { return detail::static_text<detail::strict_source<T>>; }

} // namespace penstock
