"""The only hand-written pair: waiting, deadlines and transports, once for awaiting code and once for blocking code."""
