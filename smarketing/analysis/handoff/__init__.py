"""The handoff: obligations, speed to lead, the pace of the commitment, the worklist."""
