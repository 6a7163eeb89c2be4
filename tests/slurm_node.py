"""A Slurm of one node for a test: its own munged, slurmctld and slurmd with their own keys, ports and folders, beside
whatever the machine has. Works in a container without systemd and cgroups, and as any user."""

import os
import pathlib
import pwd
import socket
import subprocess
import time

from processes import find_program, start

CONFIG = """
ClusterName=optexplore-test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
PlugStackConfig={folder}/plugstack.conf
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
# Milliseconds matter here, a busy cluster does not.
SchedulerParameters=sched_interval=1,sched_min_interval=0,batch_sched_delay=0
NodeName={host} NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=test Nodes={host} Default=YES MaxTime=10 State=UP
"""

PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "scancel", "sinfo"]


def missing_programs():
    return [name for name in PROGRAMS if find_program(name) is None]


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def wait_until(condition, what, logs, seconds=15):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            texts = [f"--- {log.name}\n" + log.read_text(errors="replace")[-3000:] for log in logs if log.exists()]
            raise RuntimeError(f"{what} did not start\n" + "\n".join(texts))
        time.sleep(0.05)


class SlurmNode:
    """Started by the constructor. `environment` is what Slurm's commands need."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.logs = [self.folder / name for name in ("munged.out", "slurmctld.log", "slurmctld.out", "slurmd.log",
                                                     "slurmd.out")]
        munge = self.folder / "munge"
        for path in (munge, self.folder / "state", self.folder / "spool"):
            path.mkdir(mode=0o755)
        key = munge / "key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        (self.folder / "plugstack.conf").touch()
        ports = free_ports(2)
        host = socket.gethostname().split(".")[0]
        config = self.folder / "slurm.conf"
        config.write_text(CONFIG.format(host=host, folder=self.folder, controller_port=ports[0], node_port=ports[1],
                                        user=pwd.getpwuid(os.geteuid()).pw_name))
        self.environment = {**os.environ, "SLURM_CONF": str(config)}
        for name in list(self.environment):  # of a job in which this test may run
            if name.startswith(("SLURM_", "SBATCH_", "SQUEUE_")) and name != "SLURM_CONF":
                del self.environment[name]

        # --force: the folder above is everybody's, as /tmp is.
        self._start("munged", "--foreground", "--force", f"--socket={munge}/socket", f"--key-file={key}",
                    f"--log-file={munge}/log", f"--pid-file={munge}/pid", f"--seed-file={munge}/seed",
                    "--num-threads=2")
        wait_until((munge / "socket").exists, "munged", self.logs)
        self._start("slurmctld", "-D", "-c", "-f", str(config))
        self._start("slurmd", "-D", "-f", str(config))
        wait_until(lambda: "idle" in self.run("sinfo", "--noheader", "--format=%T").stdout, "Slurm", self.logs)

    def _start(self, name, *arguments):
        return start([find_program(name), *arguments], self.folder / f"{name}.out", env=self.environment)

    def run(self, name, *arguments):
        return subprocess.run([find_program(name), *arguments], env=self.environment, capture_output=True, text=True,
                              check=False)
