#pragma once

#include <memory>
#include <string>

#include "os/sink.hpp"

namespace optexplore::os {

/// Whether a file of that name is to be compressed: "runs.csv.gz".
bool is_gzip_name(const std::string& path);

/// The path without ".gz": its format is what stands before.
std::string without_gzip(const std::string& path);

/// A sink that compresses what it passes on (RFC 1952, without name and time, so that equal tables are equal files).
std::unique_ptr<Sink> gzipped(std::unique_ptr<Sink> to);

}  // namespace optexplore::os
