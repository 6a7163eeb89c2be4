#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "program/graph.hpp"
#include "text/caret.hpp"

namespace optexplore::program {

/// What stands in brackets behind a value, counted from 1: a number or a vector of numbers, known before the run or
/// not; or a range, whose ends are always known.
struct Subscript {
  NodeId numbers = no_node;           ///< no_node: a range
  std::optional<std::int64_t> first;  ///< of a range; nothing: from 1 on
  std::optional<std::int64_t> last;   ///< likewise; nothing: up to the end
  text::Span span;
  text::Span first_span;  ///< of a range's ends, or of the range
  text::Span last_span;
};

/// Where an indexed value stands, for carets and for what goes wrong in a run.
struct IndexText {
  const std::string& source;
  text::Span base;   ///< what is indexed
  text::Span whole;  ///< with its brackets
};

/// x[i], x[a:b], A[i], A[i,j], A[:,j]: the elements of `base` that the subscripts name. A number takes its index away,
/// a range and a vector of numbers keep it; two vectors go together element by element.
/// @throws InputError for indices out of range and for what has no such index
NodeId pick(Graph& graph, NodeId base, std::span<const Subscript> subscripts, const IndexText& text);

/// `base` with those elements replaced by `value`: a number, or what has the shape that pick() gives or stretches to
/// it.
/// @param value_span  where it stands in the text
NodeId replace(Graph& graph, NodeId base, std::span<const Subscript> subscripts, NodeId value, const IndexText& text,
               text::Span value_span);

}  // namespace optexplore::program
