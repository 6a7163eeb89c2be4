# Sourced by scripts/parallel, scripts/slurm-array and scripts/lib/part: a sweep computed in N parts that are joined.
#
# OUTPUT.parts holds what is done until then:
#   identity           what decides the bytes of the result, in the tool's words; guards against joining parts of two
#                      different sweeps
#   command            the variables below as bash declarations, for jobs that start later or elsewhere
#   part-K.FORMAT      a finished part; part-K.FORMAT.partial is one that `sweep --resume` continues
#   jobs               the ids of Slurm's jobs
#   merged             the parts were joined and --keep has kept them
#
# Exit statuses are the tool's: 2 for what the user can correct, 1 for failures, 130 when interrupted.
#
# Who sources this sets `program`, for messages, and `library`, this file's folder.
# shellcheck shell=bash disable=SC2034,SC2154  # variables cross between the files

output=""        # absolute name of the result
folder=""        # OUTPUT.parts
format=""        # csv, tsv or jsonl
parts=""         # how many
keep=false       # leave the parts after joining them
optexplore=""    # the binary: a path, or a name that each machine looks up in its own PATH
workdir=""       # the folder in which relative names of the command are right
arguments=()     # of `optexplore sweep`
missing=()       # the parts that are still to be computed
dry_run=false

fail() {  # STATUS MESSAGE
  echo "$program: error: $2" >&2
  exit "$1"
}

note() { echo "$program: $*" >&2; }

# Words that can be pasted into a shell.
quoted() {
  local text
  printf -v text '%q ' "$@"
  echo "${text% }"
}

# 1 2 3 5 → 1-3,5
ranges() {
  local text="" first="" last="" k
  for k in "$@" end; do
    if [[ -n $last && $k != $((last + 1)) ]]; then
      text+=",$first"
      ((first == last)) || text+="-$last"
      first=""
    fi
    last=$k
    [[ -n $first ]] || first=$k
  done
  echo "${text#,}"
}

whole_number() {  # OPTION TEXT: a number from 1 on that bash can count to
  [[ $2 =~ ^[1-9][0-9]{0,8}$ ]] || fail 2 "$1: expected a whole number from 1 to 999999999, found '$2'"
}

part_file() { echo "$folder/part-$1.$format"; }

# The command that computes part K.
part_command() {  # K: sets `command`
  local header=()
  if (($1 > 1)) && [[ $format != jsonl ]]; then header=(--no-header); fi
  # The user's -j, if any, comes later and wins.
  command=("$optexplore" sweep -j "${SLURM_CPUS_PER_TASK:-1}" "${arguments[@]}" ${header[@]+"${header[@]}"}
           --shard "$1/$parts" --resume -o "$(part_file "$1")")
}

find_missing() {
  local k
  missing=()
  for ((k = 1; k <= parts; ++k)); do
    [[ -f $(part_file "$k") ]] || missing+=("$k")
  done
}

# "part 2 of 7", "parts 1-3,5 of 7"
missing_parts() {
  local word=parts
  ((${#missing[@]} > 1)) || word=part
  echo "$word $(ranges "${missing[@]}") of $parts"
}

# What decides the bytes of the result and of the parts; fails with the tool's own message when the sweep is wrong.
identity() {
  echo "parts $parts"
  "$optexplore" sweep "${arguments[@]}" --format "$format" --identity
}

# Exits when FOLDER's parts are not those of the sweep with this identity.
check_identity() {  # IDENTITY
  local theirs difference had has
  theirs=$(<"$folder/identity")
  [[ $theirs != "$1" ]] || return 0
  difference=$(diff <(echo "$theirs") <(echo "$1") || true)
  had=$(sed -n '/^</{s/^< *//;s/,$//;p;q}' <<< "$difference")
  has=$(sed -n '/^>/{s/^> *//;s/,$//;p;q}' <<< "$difference")
  fail 2 "$folder holds parts of another sweep: it has ${had:-nothing}, this one ${has:-nothing}; \
remove that folder to start again, or give another -o"
}

# Options that both scripts have. Sets `used` to the number of words read, 0 if it is not one of them.
read_option() {
  used=2
  case $1 in
    -n | --parts | -o | --output | --optexplore)
      (($# > 1)) || fail 2 "$1: expected a value" ;;
  esac
  case $1 in
    -n | --parts) whole_number "$1" "$2"; parts=$2 ;;
    -o | --output) output=$2 ;;
    --optexplore) optexplore=$2 ;;
    --keep) keep=true; used=1 ;;
    --dry-run) dry_run=true; used=1 ;;
    -h | --help) usage; exit 0 ;;
    *) used=0 ;;
  esac
}

unknown_option() {
  case $1 in
    -*) fail 2 "unknown option '$1'; --help lists them, and those of the sweep come after --" ;;
    *) fail 2 "unexpected '$1'; the sweep comes after --, as in: $program -n 8 -o runs.csv -- $(quoted "$1")" ;;
  esac
}

# Words of a text as a shell would split it. Sets `words`.
split_words() {  # OPTION TEXT
  words=()
  [[ $2 =~ [^[:space:]] ]] || return 0
  xargs printf '%s\0' <<< "$2" > /dev/null 2>&1 || fail 2 "$1: a quote without its end in '$2'"
  mapfile -d '' -t words < <(xargs printf '%s\0' <<< "$2")
}

check_arguments() {
  local word
  ((${#arguments[@]})) || fail 2 "expected a sweep after --, as in: $program -n 8 -o runs.csv -- configs/sweep.json"
  for word in "${arguments[@]}"; do
    case $word in
      -o* | --output | --output=*) fail 2 "'$word' belongs before --: the parts have their own output files" ;;
      --format | --format=*) fail 2 "'$word': the format follows the extension of -o" ;;
      --shard | --shard=* | --resume | --identity) fail 2 "'$word' is chosen for each part by this script" ;;
      -h | --help) fail 2 "'$word': see 'optexplore sweep --help'" ;;
      -) fail 2 "'-': a config on standard input can't reach the jobs; put it into a file" ;;
    esac
  done
}

check_output() {
  local parent
  [[ -n $output ]] || fail 2 "expected an output file: -o runs.csv"
  case $output in
    *.csv | *.tsv | *.jsonl) format=${output##*.} ;;
    *) fail 2 "-o: expected a name that ends in .csv, .tsv or .jsonl, found '$output': only files whose rows are lines \
can be joined from parts" ;;
  esac
  [[ ! -d $output ]] || fail 1 "$output is a folder"
  parent=$(dirname -- "$output")
  [[ -d $parent ]] || fail 1 "$output: there is no folder $parent"
  [[ -w $parent ]] || fail 1 "$output: no permission to write to $parent"
  output=$(cd -- "$parent" && pwd)/$(basename -- "$output")
  folder=$output.parts
}

# --optexplore, else the one built beside the scripts, else that of PATH.
find_optexplore() {
  local built
  built=$(cd -- "$library/../.." && pwd)/build/release/optexplore
  if [[ -n $optexplore ]]; then
    command -v -- "$optexplore" > /dev/null || fail 2 "--optexplore: there is no program '$optexplore'"
    [[ $optexplore != */* || $optexplore == /* ]] || optexplore=$PWD/$optexplore
  elif [[ -x $built ]]; then
    optexplore=$built
  elif command -v optexplore > /dev/null; then
    optexplore=optexplore
  else
    fail 2 "there is no optexplore, neither $built nor in PATH; --optexplore PATH names one, scripts/quickstart builds \
it"
  fi
}

# Checks everything and finds out which parts are missing; writes nothing.
plan_parts() {
  local status=0
  [[ -n $parts ]] || fail 2 "expected the number of parts: -n 8"
  check_output
  check_arguments
  find_optexplore
  workdir=$PWD
  identity_text=$(identity) || status=$?
  ((status == 0)) || exit "$status"
  if [[ -e $folder/identity ]]; then
    check_identity "$identity_text"
  elif [[ -e $folder ]] && [[ ! -d $folder || -n $(ls -A -- "$folder") ]]; then
    fail 2 "$folder exists and is not a folder of parts; move it away, or give another -o"
  fi
  find_missing
}

# Makes the folder ready for jobs.
write_folder() {
  mkdir -p -- "$folder" || exit 1
  rm -f -- "$folder/merged"
  # Files are complete when they have their name, as a job may read them at any time.
  echo "$identity_text" > "$folder/identity.new" || exit 1
  declare -p output folder format parts keep optexplore workdir arguments > "$folder/command.new" || exit 1
  mv -f -- "$folder/identity.new" "$folder/identity"
  mv -f -- "$folder/command.new" "$folder/command"
}

# Computes part K in this process.
run_part() {  # K
  local status=0 now command
  [[ ! -f $(part_file "$1") ]] || return 0
  cd -- "$workdir" || fail 1 "part $1 on $(uname -n): the folder $workdir is not there; it has to be shared"
  # The config may have been edited since the job was submitted, or this machine may have another version of the tool.
  now=$(identity) || status=$?
  ((status == 0)) || exit "$status"
  check_identity "$now"
  part_command "$1"
  exec "${command[@]}"
}

# Joins the parts.
merge() {
  local k temporary=$output.merging
  find_missing
  ((${#missing[@]} == 0)) || fail 1 "nothing was merged: missing $(missing_parts)"
  # shellcheck disable=SC2064  # the name as it is now
  trap "rm -f -- $(quoted "$temporary")" EXIT
  trap 'exit 130' INT TERM HUP
  for ((k = 1; k <= parts; ++k)); do
    cat -- "$(part_file "$k")" || exit 1
  done > "$temporary"
  sync -- "$temporary" 2> /dev/null || true  # not every file system can; cat has seen failed writes
  mv -f -- "$temporary" "$output"
  if $keep; then
    : > "$folder/merged"
  else
    rm -f -- "$folder"/part-* "$folder"/{command,identity,jobs,lock}
    rmdir -- "$folder" 2> /dev/null || note "$folder holds other files and stays"
  fi
}
