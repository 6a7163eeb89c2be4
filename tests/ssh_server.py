"""An sshd of a test: own keys, port and folder; lets in who runs the test."""

import os
import pathlib
import subprocess

from processes import find_program, start
from slurm_node import free_ports, wait_until

SERVER = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
PidFile none
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
MaxStartups 100
"""

CLIENT = """
Host left right
  HostName 127.0.0.1
  Port {port}
  IdentityFile {folder}/user_key
  IdentitiesOnly yes
  UserKnownHostsFile {folder}/known_hosts
  StrictHostKeyChecking no
  BatchMode yes
  LogLevel ERROR
"""


class SshServer:
    """Started by the constructor; `command` is an ssh that knows it as the hosts left and right."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        port = free_ports(1)[0]
        for key in ("host_key", "user_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / key)], check=True)
        for name, text in (("sshd_config", SERVER), ("ssh_config", CLIENT)):
            (self.folder / name).write_text(text.format(port=port, folder=self.folder))
        # sshd insists on this folder when root starts it; a service manager would make it.
        self.made = None
        if os.geteuid() == 0 and not os.path.isdir("/run/sshd"):
            self.made = "/run/sshd"
            os.mkdir(self.made, 0o755)
        start([find_program("sshd"), "-D", "-e", "-f", str(self.folder / "sshd_config")], self.folder / "sshd.out")
        self.command = f"ssh -F {self.folder}/ssh_config"
        wait_until(lambda: subprocess.run([*self.command.split(), "left", "true"], stderr=subprocess.DEVNULL,
                                          check=False).returncode == 0, "sshd", [self.folder / "sshd.out"], 10)

    def close(self):
        if self.made:
            os.rmdir(self.made)
