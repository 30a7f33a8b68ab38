#pragma once
#include <penstock/io/feed.hpp>
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <simdjson.h>
#include <penstock/core/fatal.hpp>

namespace penstock::io {

static_assert(feed::padding >= simdjson::SIMDJSON_PADDING);

void feed::release::operator()(char* p) const noexcept { std::free(p); }

bool feed::more() {
    if (ended_) return false;
    auto const had = size();
    fill();
    if (!started_) {
        started_ = true;
        while (!ended_ && size() < 3) fill();
        auto const starts = [&](char const* mark, std::size_t n) { return size() >= n && std::memcmp(data(), mark, n) == 0; };
        if (starts("\xef\xbb\xbf", 3)) drop(3);
        else if (starts("\xff\xfe", 2) || starts("\xfe\xff", 2)) throw fatal(exit_code::input, name() + ": is UTF-16 text; convert it to UTF-8 first");
        if (size() == 0 && !ended_) fill();
    }
    return size() > had;
}

void feed::fill() {
    if (begin_ != 0 && capacity_ - end_ < block_) {
        auto const shifted = [&](std::size_t i) { return i > begin_ ? i - begin_ : 0; };
        valid_begin_ = shifted(valid_begin_);
        valid_end_ = shifted(valid_end_);
        tried_ = shifted(tried_);
        std::memmove(bytes_.get(), data(), size());
        end_ -= begin_;
        begin_ = 0;
    }
    if (capacity_ - end_ < block_) {
        auto const wanted = std::max(2 * capacity_, end_ + block_);
        auto* const grown = static_cast<char*>(std::realloc(bytes_.get(), wanted + padding));     // realloc: a row of gigabytes is not copied, its pages are remapped
        if (!grown) throw std::bad_alloc();
        (void)bytes_.release();
        bytes_.reset(grown);
        capacity_ = wanted;
    }
    auto const got = in_.read(bytes_.get() + end_, capacity_ - end_);
    end_ += got;
    ended_ = got == 0;
    std::memset(bytes_.get() + end_, 0, padding);
    bytes_.get()[end_] = '\n';
}

bool feed::utf8(char const* p, std::size_t n) {
    auto const from = std::size_t(p - bytes_.get());
    if (from >= valid_begin_ && from + n <= valid_end_) return true;
    if (tried_ < end_) {
        tried_ = end_;
        auto stop = end_;       // not in the middle of a code point
        for (unsigned back = 0; back != 3 && stop > from && (static_cast<unsigned char>(bytes_.get()[stop - 1]) & 0xc0) == 0x80; ++back) --stop;
        if (stop > from && static_cast<unsigned char>(bytes_.get()[stop - 1]) >= 0xc0) --stop;
        else stop = end_;
        if (from + n <= stop && simdjson::validate_utf8(bytes_.get() + from, stop - from)) {
            valid_begin_ = from;
            valid_end_ = stop;
            return true;
        }
    }
    return simdjson::validate_utf8(p, n);
}

} // namespace penstock::io
