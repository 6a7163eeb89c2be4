#pragma once

#include <string>

namespace optexplore::os {

enum class Lock {
  held,
  busy,         ///< another process has it, or has just given the file another name
  unsupported,  ///< the file system has no locks
};

/// Locks an open file for this process, without waiting. The lock goes with the descriptor, however the process ends.
/// @param path  the name that it was opened by
/// @throws IoError
Lock try_lock(int fd, const std::string& path);

}  // namespace optexplore::os
