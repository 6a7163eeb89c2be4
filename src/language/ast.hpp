#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/caret.hpp"

namespace optexplore::language {

struct Ast;
using AstPtr = std::unique_ptr<Ast>;

/// A node of the syntax tree. Operators are calls of their function: `a+b` is add(a,b), `-a` is neg(a),
/// `a<b` is lt(a,b), `a^b` is pow(a,b); see ops.hpp for the names. `a @ b` is matmul(a,b), `a'` is transpose(a).
struct Ast {
  enum class Kind {
    number,  ///< value
    name,    ///< text
    call,    ///< text(args…)
    index,   ///< args[0][args[1]] or args[0][args[1], args[2]]
    range,   ///< an index that is args[0]:args[1]; text says which of the ends are given: "a:b", "a:", ":b" or ":"
    list,    ///< [args…]
  };
  Kind kind = Kind::number;
  text::Span span;
  text::Span name_span;  ///< call: where the function's name or the operator stands
  double value = 0;
  std::size_t depth = 1;  ///< levels of the tree below and including this node
  std::string text;
  std::vector<AstPtr> args;
  /// call: names of the last arguments, f(1, b=2), which stand after those given by their place.
  struct Named {
    std::string name;
    text::Span span;
  };
  std::vector<Named> named;
};

/// An expression with the text that it was read from, kept for messages.
struct Expression {
  std::string source;
  AstPtr root;
};

/// `name = expression`, or `name[index] = expression`, which changes some elements; `a, b = procedure(…)`
struct Assignment {
  std::string name;
  text::Span name_span;
  struct Name {
    std::string text;
    text::Span span;
  };
  std::vector<Name> others;  ///< further names, for a procedure's further outputs
  AstPtr elements;           ///< an index of the name; null: the whole is assigned
  Expression value;
};

/// `k = first:last`: the whole numbers that k is, one after another
struct Counting {
  std::string name;
  text::Span name_span;
  Expression first;
  Expression last;
};

/// What a function is a function of: `x`, `x[n]`, `b[2]`, `W[3,2]`
struct Argument {
  std::string name;
  text::Span span;
  std::uint32_t rank = 0;   ///< 0: a number, 1: a vector, 2: a matrix
  std::size_t rows = 1;     ///< of a vector: its elements; 0: any number of them
  std::size_t columns = 1;  ///< of a matrix
};

/// `f(x,y) = body`, `f(x[n]) = body` or `f(W[3,2], b[2]) = body`, and behind it `where u = …; v = …`
struct Definition {
  std::string name;                 ///< "f"
  std::vector<Argument> arguments;  ///< a vector with any number of elements is the only one
  std::string dim_name;             ///< "n" in f(x[n])
  std::size_t fixed_dim = 0;        ///< how many numbers the arguments have together; 0: any number
  Expression body;
  std::vector<Assignment> where;  ///< intermediate values in order; each may use those before it

  /// Whether all arguments are numbers, as in f(x,y).
  [[nodiscard]] bool of_numbers() const {
    return std::ranges::all_of(arguments, [](const Argument& argument) { return argument.rank == 0; });
  }
  /// Whether the only argument is a vector, as in f(x[n]).
  [[nodiscard]] bool of_vector() const { return arguments.size() == 1 && arguments[0].rank == 1; }
  [[nodiscard]] std::vector<std::string> argument_names() const {
    std::vector<std::string> names;
    for (const Argument& argument : arguments) names.push_back(argument.name);
    return names;
  }
};

}  // namespace optexplore::language
