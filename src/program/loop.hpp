#pragma once

#include <functional>
#include <string>

#include "language/ast.hpp"
#include "program/graph.hpp"

namespace optexplore::program {

inline constexpr std::uint64_t max_unrolled_terms = 1'000'000;

/// What a name stands for, as far as loops care.
enum class NameKind { scalar, vector, matrix };

/// Whether a loop's body can be built once with its index as a vector: everything in it that depends on the
/// index is elementwise, and whole vectors occur only as the base of an index.
bool vectorizable(const language::Ast& body, const std::string& index,
                  const std::function<NameKind(const std::string&)>& kind_of);

/// The product of a vector's elements as a tree of elementwise products of halves. Unlike p/x[i] its
/// derivatives are exact at zeros, and it needs log2(length) operations.
NodeId product(Graph& graph, NodeId vector);

/// The same of a matrix' rows, column by column.
NodeId product_of_rows(Graph& graph, NodeId matrix);

}  // namespace optexplore::program
