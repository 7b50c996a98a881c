"""What runs inside the machine: simulated hardware under the real kernel, and the story that the host asserts on."""
