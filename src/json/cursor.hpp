#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/reader.hpp"

namespace optexplore::json {

/// Names for parts of a document that came from somewhere else than its text, a flag for example, so that
/// messages don't point into a document the user never wrote.
class Places {
 public:
  Places() = default;
  /// Of a document that is read from a text: what has no other name is called "source:line:col: /pointer".
  Places(std::string_view text, std::string source)
      : text_(std::make_shared<const std::string>(text)), source_(std::move(source)) {}

  /// From now on what stands at `pointer` and below is called `name`.
  void set(const std::string& pointer, const std::string& name) { names_[pointer] = name; }
  /// Forgets the names at `pointer` and below.
  void forget(const std::string& pointer);
  /// The name set for `pointer` or for the nearest part that contains it; else where it stands in the text, and the
  /// pointer itself.
  [[nodiscard]] std::string of(const std::string& pointer) const;
  /// The same without the place in the text: as a message speaks of another part than its own.
  [[nodiscard]] std::string name_or_pointer(const std::string& pointer) const;
  /// Whether a name is set for exactly this pointer.
  [[nodiscard]] bool names(const std::string& pointer) const { return names_.contains(pointer); }
  /// The path of a .json file that is named at `pointer`: beside the document when the document says so. Any other name
  /// stays.
  [[nodiscard]] std::string path_of(const std::string& pointer, const std::string& name) const;

 private:
  [[nodiscard]] const std::string* name_of(const std::string& pointer) const;

  std::map<std::string, std::string> names_;
  std::shared_ptr<const std::string> text_;
  std::string source_;
};

/// `pointer` followed by `key`, escaped as RFC 6901 says.
std::string child_pointer(const std::string& pointer, std::string_view key);

/// What a value is, for messages: `a string "abc"`, `2.7`, `an array`, `null`.
std::string describe(const Json& json);

/// A value in a document and where it stands. Reads strictly: whatever isn't exactly what was asked for is an
/// InputError that names the place and says what was expected and what was found.
class Cursor {
 public:
  /// Both referents must outlive the cursor. An empty pointer is the whole document.
  Cursor(const Json& json, std::string pointer, const Places* places = nullptr)
      : json_(&json), places_(places), pointer_(std::move(pointer)) {}

  [[nodiscard]] const Json& json() const { return *json_; }
  [[nodiscard]] const std::string& pointer() const { return pointer_; }
  /// How messages call this value: a JSON pointer or a flag.
  [[nodiscard]] std::string place() const;
  /// This text, and if it's the path of a .json file, looked up beside the document that names it.
  [[nodiscard]] std::string path() const;
  [[nodiscard]] bool is_object() const;
  [[nodiscard]] bool is_array() const;
  [[nodiscard]] bool is_string() const;
  [[nodiscard]] bool is_number() const;
  [[nodiscard]] bool is_boolean() const;

  [[noreturn]] void fail(const std::string& message) const;
  /// "expected …, found …"
  [[noreturn]] void fail_expected(const std::string& expected) const;
  /// An error about a key of this object. The place is the object's, or the flag that set the key.
  [[noreturn]] void fail_key(std::string_view key, const std::string& message) const;

  /// This object's keys, in order.
  [[nodiscard]] std::vector<std::string> keys() const;
  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] std::optional<Cursor> find(std::string_view key) const;
  /// The member of that name; an error when this is no object or has none.
  [[nodiscard]] Cursor member(std::string_view key) const;
  /// Every key must be one of `known`.
  void check_keys(const std::vector<std::string>& known) const;
  /// This array's elements.
  [[nodiscard]] std::vector<Cursor> elements() const;

  /// A finite number.
  [[nodiscard]] double number() const;
  /// A whole number from `least` to 2^53-1. 1e3 is one; 2.7 and "3" are not.
  [[nodiscard]] std::uint64_t whole(std::uint64_t least = 0) const;
  [[nodiscard]] std::string text() const;
  /// true or false.
  [[nodiscard]] bool boolean() const;
  /// A list of finite numbers, possibly empty.
  [[nodiscard]] std::vector<double> numbers() const;
  /// A list of strings.
  [[nodiscard]] std::vector<std::string> texts() const;

 private:
  [[nodiscard]] Cursor child(const Json& json, std::string_view key) const {
    return {json, child_pointer(pointer_, key), places_};
  }

  const Json* json_;
  const Places* places_;
  std::string pointer_;
};

}  // namespace optexplore::json
