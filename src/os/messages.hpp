#pragma once

#include <string_view>

namespace optexplore::os {

/// Messages for the user on standard error, in the form "optexplore: error: …", coloured where
/// has_colour() allows it.
class Messages {
 public:
  /// @param quiet  leave out warnings and notes
  explicit Messages(bool quiet = false);

  void error(std::string_view text) const;
  void warning(std::string_view text) const;
  void note(std::string_view text) const;

 private:
  void print(std::string_view kind, const char* colour, std::string_view text) const;

  bool quiet_;
  bool coloured_;
};

}  // namespace optexplore::os
