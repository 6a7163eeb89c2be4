#include "json/cursor.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optexplore/error.hpp>

#include "text/suggest.hpp"

namespace optexplore::json {
namespace {

constexpr std::uint64_t max_whole = (std::uint64_t{1} << 53) - 1;  // beyond, doubles skip whole numbers

std::string parent_pointer(const std::string& pointer) { return pointer.substr(0, pointer.rfind('/')); }

}  // namespace

void Places::forget(const std::string& pointer) {
  std::erase_if(names_,
                [&](const auto& entry) { return entry.first == pointer || entry.first.starts_with(pointer + "/"); });
}

const std::string* Places::name_of(const std::string& pointer) const {
  // A place that is no pointer ("book.json:3:1") has no parts to look through.
  for (std::string part = pointer; part.starts_with('/'); part = parent_pointer(part))
    if (const auto found = names_.find(part); found != names_.end()) return &found->second;
  return nullptr;
}

std::string Places::name_or_pointer(const std::string& pointer) const {
  const std::string* name = name_of(pointer);
  return name == nullptr ? pointer : *name;
}

std::string Places::of(const std::string& pointer) const {
  if (const std::string* name = name_of(pointer)) return *name;
  if (!text_ || !pointer.starts_with('/')) return pointer;
  return locate(*text_, source_, pointer) + ": " + pointer;
}

std::string Places::path_of(const std::string& pointer, const std::string& name) const {
  const std::size_t slash = source_.rfind('/');
  if (!text_ || slash == std::string::npos || !name.ends_with(".json") || name.starts_with('/') ||
      name_of(pointer) != nullptr)
    return name;
  return source_.substr(0, slash + 1) + name;
}

std::string child_pointer(const std::string& pointer, std::string_view key) {
  std::string result = pointer + "/";
  for (const char c : key) {
    if (c == '~')
      result += "~0";
    else if (c == '/')
      result += "~1";
    else
      result += c;
  }
  return result;
}

std::string describe(const Json& json) {
  switch (json.type()) {
    case Json::value_t::null: return "null";
    case Json::value_t::object: return "an object";
    case Json::value_t::array: return "an array";
    case Json::value_t::string: {
      const auto& text = json.get_ref<const std::string&>();
      return text.size() <= 60 ? "a string " + json.dump() : "a string of " + std::to_string(text.size()) + " bytes";
    }
    default: return json.dump();
  }
}

std::string Cursor::path() const { return places_ == nullptr ? text() : places_->path_of(pointer_, text()); }
std::string Cursor::place() const { return places_ == nullptr ? pointer_ : places_->of(pointer_); }
bool Cursor::is_object() const { return json_->is_object(); }
bool Cursor::is_array() const { return json_->is_array(); }
bool Cursor::is_string() const { return json_->is_string(); }
bool Cursor::is_number() const { return json_->is_number(); }
bool Cursor::is_boolean() const { return json_->is_boolean(); }

void Cursor::fail(const std::string& message) const { throw InputError(message, "", place()); }

void Cursor::fail_expected(const std::string& expected) const {
  fail("expected " + expected + ", found " + describe(*json_));
}

void Cursor::fail_key(std::string_view key, const std::string& message) const {
  const std::string pointer = child_pointer(pointer_, key);
  throw InputError(message, "", places_ != nullptr && places_->names(pointer) ? places_->of(pointer) : place());
}

std::vector<std::string> Cursor::keys() const {
  if (!is_object()) fail_expected("an object");
  std::vector<std::string> result;
  for (const auto& [key, value] : json_->items()) result.push_back(key);
  return result;
}

bool Cursor::has(std::string_view key) const { return is_object() && json_->contains(key); }

std::optional<Cursor> Cursor::find(std::string_view key) const {
  if (!is_object()) fail_expected("an object");
  const auto found = json_->find(key);
  if (found == json_->end()) return std::nullopt;
  return child(*found, key);
}

Cursor Cursor::member(std::string_view key) const {
  if (auto found = find(key)) return *found;
  fail("the key '" + std::string(key) + "' is missing");
}

void Cursor::check_keys(const std::vector<std::string>& known) const {
  for (const std::string& key : keys()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string hint = text::did_you_mean(key, known);
    if (hint.empty())
      for (const std::string& name : known) hint += (hint.empty() ? "; expected one of " : ", ") + name;
    fail_key(key, "unknown key '" + key + "'" + hint);
  }
}

std::vector<Cursor> Cursor::elements() const {
  if (!is_array()) fail_expected("an array");
  std::vector<Cursor> result;
  result.reserve(json_->size());
  for (std::size_t i = 0; i < json_->size(); ++i) result.push_back(child((*json_)[i], std::to_string(i)));
  return result;
}

double Cursor::number() const {
  if (!is_number()) fail_expected("a number");
  const double value = json_->get<double>();
  if (!std::isfinite(value)) fail("expected a finite number");
  return value;
}

std::uint64_t Cursor::whole(std::uint64_t least) const {
  const std::string expected = least == 0 ? "a whole number" : "a whole number of at least " + std::to_string(least);
  if (!is_number()) fail_expected(expected);
  const double value = number();
  if (value != std::floor(value) || value < static_cast<double>(least)) fail_expected(expected);
  if (value > static_cast<double>(max_whole)) fail_expected("a whole number of at most " + std::to_string(max_whole));
  return static_cast<std::uint64_t>(value);
}

bool Cursor::boolean() const {
  if (!is_boolean()) fail_expected("true or false");
  return json_->get<bool>();
}

std::string Cursor::text() const {
  if (!is_string()) fail_expected("a string");
  return json_->get<std::string>();
}

std::vector<double> Cursor::numbers() const {
  if (!is_array()) fail_expected("a list of numbers");
  std::vector<double> result;
  result.reserve(json_->size());
  for (const Json& element : *json_) {
    // Elements get a cursor of their own only when there is something to report: lists may be long.
    if (!element.is_number() || !std::isfinite(element.get<double>()))
      child(element, std::to_string(result.size())).fail_expected("a finite number");
    result.push_back(element.get<double>());
  }
  return result;
}

std::vector<std::string> Cursor::texts() const {
  if (!is_array()) fail_expected("a list of strings");
  std::vector<std::string> result;
  for (const Cursor& element : elements()) result.push_back(element.text());
  return result;
}

}  // namespace optexplore::json
