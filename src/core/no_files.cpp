#include <optexplore/error.hpp>

#include "os/text_file.hpp"

namespace optexplore::os {

TextFile read_text_file(const std::string& path) { throw IoError(path + ": this build of optexplore opens no files"); }

}  // namespace optexplore::os
