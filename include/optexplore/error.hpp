#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace optexplore {

/// Input that can't be accepted: a malformed expression, config, flag or name.
///
/// Carries the place ("/optimizers/1/lr", "book.json:3:17", "--start"), one sentence that says what was
/// expected and what was found, and optionally an excerpt: the text with a caret under the place.
/// Lower layers throw it with an empty place; each layer above puts its own place in front with at().
/// The command line prints it in one place and exits with status 2.
class InputError : public std::runtime_error {
 public:
  explicit InputError(std::string message, std::string excerpt = "", std::string place = "")
      : std::runtime_error(render(place, message, excerpt)),
        place_(std::move(place)),
        message_(std::move(message)),
        excerpt_(std::move(excerpt)) {}

  /// The same error, found at `place` (ignored when the error already has a place).
  [[nodiscard]] InputError at(const std::string& place) const {
    return place_.empty() ? InputError(message_, excerpt_, place) : *this;
  }

  [[nodiscard]] const std::string& place() const noexcept { return place_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  /// Zero or more lines without a final newline; empty when there is nothing to show.
  [[nodiscard]] const std::string& excerpt() const noexcept { return excerpt_; }

 private:
  static std::string render(const std::string& place, const std::string& message, const std::string& excerpt) {
    std::string text = place.empty() ? message : place + ": " + message;
    if (!excerpt.empty()) text += "\n" + excerpt;
    return text;
  }

  std::string place_;
  std::string message_;
  std::string excerpt_;
};

/// A file that can't be read or written, a full disk: exit status 1.
class IoError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace optexplore
