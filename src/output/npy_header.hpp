#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace optexplore::output {

/// A field of a structured array: its name and numpy type ("<f8").
struct NpyField {
  std::string name;
  std::string type;
};

/// The header of an .npy file, padded to 64 bytes. Version 1.0; 2.0 when it is longer than 65535
/// bytes; 3.0 (numpy 1.17 on) when a name is not ASCII, which the older ones can't hold. Source:
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
std::string npy_header(const std::vector<NpyField>& fields, const std::vector<std::uint64_t>& shape);

}  // namespace optexplore::output
