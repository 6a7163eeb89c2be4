#pragma once

#include "program/graph.hpp"

/// Functions of the language that are made of several operations. Numbers and vectors of one length may be mixed.
namespace optexplore::program {

/// a^b. A constant whole exponent means repeated multiplication, which is exact for negative bases and fast.
NodeId power(Graph& graph, NodeId a, NodeId b);

/// Σ a b; a number stands for as many as the vector has.
NodeId dot(Graph& graph, NodeId a, NodeId b);

/// max(v, 0) with slope 0 at 0, as the frameworks have it.
NodeId relu(Graph& graph, NodeId v);

/// log(e^a + e^b): no overflow, and derivatives of every order.
NodeId logaddexp(Graph& graph, NodeId a, NodeId b);

/// log Σ e^v of a vector, the same.
NodeId logsumexp(Graph& graph, NodeId v);

/// v between two bounds. NaN passes through, and so does the gradient at the bounds, as in PyTorch's clamp.
NodeId clip(Graph& graph, NodeId v, NodeId low, NodeId high);

}  // namespace optexplore::program
