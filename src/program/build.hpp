#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optexplore/error.hpp>
#include <span>
#include <string>
#include <vector>

#include "language/ast.hpp"
#include "program/graph.hpp"

namespace optexplore::program {

/// A constant matrix by rows; only its rows and elements enter the graph.
using Matrix = std::shared_ptr<const std::vector<std::vector<double>>>;

/// What a name stands for: a node, or a matrix parameter.
struct Value {
  NodeId node = no_node;
  Matrix matrix;
};

inline constexpr std::size_t any_arity = static_cast<std::size_t>(-1);

/// The names and functions an expression may use besides the language's own. A name is made when it is first
/// used, so what nobody asks for (the gradient, say) is never built.
struct Scope {
  struct Function {
    std::size_t arity = 0;  ///< any_arity: build() counts its arguments itself
    /// Gets the arguments' nodes; may throw InputError without an excerpt, the caller adds the place.
    std::function<NodeId(std::span<const NodeId>)> build;
  };
  std::map<std::string, std::function<Value()>> names;
  std::map<std::string, Function> functions;
  /// Names that are not available here, and why: "a rule knows no particular function; use x[1]".
  std::map<std::string, std::string> unavailable;

  void set(const std::string& name, NodeId node) {
    names[name] = [node] { return Value{node, nullptr}; };
  }
};

/// Builds an expression into the graph. Throws InputError with a caret for undefined names, wrong numbers of
/// arguments, lengths that don't fit, indices out of range.
NodeId build(Graph& graph, const language::Expression& expression, const Scope& scope);

/// As build(), and the result must be a scalar. `what` begins the message: "a function's value".
NodeId build_scalar(Graph& graph, const language::Expression& expression, const Scope& scope, const std::string& what);

}  // namespace optexplore::program
