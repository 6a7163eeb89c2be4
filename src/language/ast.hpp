#pragma once

#include <cstddef>
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

/// `f(x,y) = body` or `f(x[n]) = body`, and behind it `where u = …; v = …`
struct Definition {
  std::string name;                      ///< "f"
  std::vector<std::string> coordinates;  ///< the scalar coordinates; empty for a vector
  std::string vector;                    ///< the vector's name; empty for scalar coordinates
  std::string dim_name;                  ///< "n" in f(x[n])
  std::size_t fixed_dim = 0;             ///< 3 in f(x[3]); coordinates.size() for scalars; 0: any dimension
  Expression body;
  std::vector<Assignment> where;  ///< intermediate values in order; each may use those before it
};

}  // namespace optexplore::language
