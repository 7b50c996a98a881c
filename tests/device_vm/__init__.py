"""An installed bench in a virtual machine of its own: real systemd and udev, real device nodes, simulated hardware."""
