#include "study/precision.hpp"

namespace optexplore::study {

std::optional<language::Op> format_of(Precision precision) {
  switch (precision) {
    case Precision::float32: return language::Op::f32;
    case Precision::float16: return language::Op::f16;
    case Precision::bfloat16: return language::Op::bf16;
    case Precision::float64: break;
  }
  return std::nullopt;
}

}  // namespace optexplore::study
