#pragma once

/// The linear algebra library Eigen, so that results are the same bits on every machine: without vector instructions
/// (whose width would change the order of sums), without threads, and without asking the CPU for the size of its caches
/// (products are cut into blocks that fit them). For the few sources that use it; takes seconds to compile.

// A program that links ours may have an Eigen of its own with other options. Under one name the linker would keep
// either copy of a function for both.
#define Eigen optexplore_eigen

#define EIGEN_DONT_VECTORIZE
#define EIGEN_DONT_PARALLELIZE
#define EIGEN_NO_CPUID
#define EIGEN_MPL2_ONLY

#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <Eigen/QR>

#undef Eigen

namespace optexplore {
namespace eigen = ::optexplore_eigen;
}
