#pragma once

#include "program/graph.hpp"

/// Functions of the language that are made of several operations. Numbers and values of one shape may be mixed.
namespace optexplore::program {

/// a^b. A constant whole exponent means repeated multiplication, which is exact for negative bases and fast.
NodeId power(Graph& graph, NodeId a, NodeId b);

/// Σ a b; a number stands for as many as the vector has.
NodeId dot(Graph& graph, NodeId a, NodeId b);

/// The matrix of all products of an element of `a` (rows) and one of `b` (columns), both vectors.
NodeId outer(Graph& graph, NodeId a, NodeId b);

/// max(v, 0) with slope 0 at 0, as the frameworks have it.
NodeId relu(Graph& graph, NodeId v);

/// log(e^a + e^b): no overflow, and derivatives of every order.
NodeId logaddexp(Graph& graph, NodeId a, NodeId b);

/// log Σ e^v of a vector, or of each row of a matrix; the same.
NodeId logsumexp(Graph& graph, NodeId v);

/// e^v/Σ e^v of a vector, or of each row of a matrix, and its logarithm.
NodeId softmax(Graph& graph, NodeId v);
NodeId log_softmax(Graph& graph, NodeId v);

/// v·Φ(v) with the normal distribution Φ by erf, and with the tanh that approximates it (Hendrycks & Gimpel 2016).
NodeId gelu(Graph& graph, NodeId v);
NodeId gelu_tanh(Graph& graph, NodeId v);

/// v between two bounds. NaN passes through, and so does the gradient at the bounds, as in PyTorch's clamp.
NodeId clip(Graph& graph, NodeId v, NodeId low, NodeId high);

}  // namespace optexplore::program
