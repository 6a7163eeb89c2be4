#pragma once

#include <memory>
#include <string>

namespace optexplore {

namespace language {
struct Expression;
struct Assignment;
struct Counting;
struct Definition;
}  // namespace language

/// A text of the expression language with its tree: parsed once, when it is made; copies share the tree.
template <class Tree>
class Parsed {
 public:
  /// Nothing: an empty text, which has no tree.
  Parsed() = default;
  /// A text may stand wherever a parsed one is wanted; an empty one is nothing.
  /// Throws InputError with a caret under what is wrong.
  Parsed(const std::string& text) : Parsed(text.empty() ? Parsed() : read(text)) {}  // NOLINT: implicit
  Parsed(const char* text) : Parsed(std::string(text)) {}                            // NOLINT: implicit

  /// The same, but an empty text is an error too.
  static Parsed read(const std::string& text);

  /// As it was written.
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return tree_ == nullptr; }
  /// Only for one that isn't empty.
  [[nodiscard]] const Tree& tree() const { return *tree_; }

  friend bool operator==(const Parsed& a, const Parsed& b) { return a.text_ == b.text_; }

 private:
  std::string text_;
  std::shared_ptr<const Tree> tree_;
};

using Formula = Parsed<language::Expression>;         ///< "norm(g) < 1e-8"
using AssignmentText = Parsed<language::Assignment>;  ///< "x = x - lr*g"
using CountingText = Parsed<language::Counting>;      ///< "k = 1:n"
using DefinitionText = Parsed<language::Definition>;  ///< "f(x,y) = x^2 + y^2"

}  // namespace optexplore
