#include "os/child.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optexplore/error.hpp>

#include "os/descriptor.hpp"
#include "os/signals.hpp"
#include "os/write.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration): GNU's <unistd.h> has it, POSIX' has not

namespace optexplore::os {
namespace {

constexpr const char* scratch_name = "temporary file";

/// A null-terminated array of texts, as exec wants it.
class TextArray {
 public:
  explicit TextArray(std::vector<std::string> texts) : texts_(std::move(texts)) {
    for (std::string& text : texts_) pointers_.push_back(text.data());
    pointers_.push_back(nullptr);
  }

  [[nodiscard]] char* const* get() const { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

std::vector<std::string> environment(const std::vector<std::pair<std::string, std::string>>& variables) {
  std::vector<std::string> result;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string_view text = *each;
    const bool replaced =
        std::ranges::any_of(variables, [text](const auto& variable) { return text.starts_with(variable.first + "="); });
    if (!replaced) result.emplace_back(text);
  }
  for (const auto& [name, value] : variables) result.push_back(name + "=" + value);
  return result;
}

/// Everything in a scratch file.
std::string contents(const Descriptor& scratch) {
  std::string all;
  std::vector<char> buffer(1 << 16);
  while (const std::size_t count = read_some_at(scratch.get(), buffer.data(), buffer.size(), all.size(), scratch_name))
    all.append(buffer.data(), count);
  return all;
}

/// Starts the program; returns an errno, 0 when it runs.
int start(pid_t& child, const std::string& program, const TextArray& arguments, const TextArray& variables,
          const Descriptor& in, const Descriptor& out, const Descriptor& messages) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, messages.get(), STDERR_FILENO);
  const int error = ::posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments.get(), variables.get());
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

std::optional<ChildResult> run_child(const std::string& program, const std::vector<std::string>& arguments,
                                     const std::vector<std::pair<std::string, std::string>>& variables,
                                     std::string_view input) {
  const Descriptor in = scratch_file(), out = scratch_file(), messages = scratch_file();
  write_all_at(in.get(), input, 0, scratch_name);
  std::vector<std::string> command = {program};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const TextArray argv(std::move(command)), envp(environment(variables));

  pid_t child = 0;
  ChildGuard guard;
  if (const int error = start(child, program, argv, envp, in, out, messages)) {
    if (error == ENOENT) return std::nullopt;
    throw IoError("'" + program + "' can't be started: " + std::strerror(error));
  }
  guard.started(child);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) fail(program, errno);

  ChildResult result;
  result.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  result.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  result.output = contents(out);
  result.messages = contents(messages);
  return result;
}

}  // namespace optexplore::os
