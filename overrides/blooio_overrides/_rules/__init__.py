"""What each resource decides before a request and after a response. Pure: nothing here waits or sends."""
