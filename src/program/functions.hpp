#pragma once

#include <optexplore/error.hpp>
#include <span>
#include <string_view>

#include "program/graph.hpp"

namespace optexplore::program {

/// A call of a function of the language that is no single elementwise operation.
struct FunctionCall {
  std::string_view name;
  std::span<const NodeId> args;  ///< as many as one of its forms has
  NodeId dim = no_node;          ///< the index along which it works; no_node: not given
  Site site;                     ///< its text
};

/// What is wrong with one of a call's arguments.
class ArgumentError : public InputError {
 public:
  ArgumentError(std::size_t number, const std::string& message) : InputError(message), number_(number) {}
  [[nodiscard]] std::size_t number() const noexcept { return number_; }  ///< from 0

 private:
  std::size_t number_;
};

/// Builds the call.
/// @throws ArgumentError, InputError without an excerpt; std::logic_error for a name that it doesn't know
NodeId build_function(Graph& graph, const FunctionCall& call);

}  // namespace optexplore::program
