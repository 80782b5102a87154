"""
Reads of fixed RFID readers: from what a reader sends to the few events that are worth recording.

A read is not an event. A tag before an antenna is read hundreds of times a minute; what happened is that a thing came.
``shapes`` tell readers' formats apart, ``reader.judge`` says which reads count, ``presence`` turns them into windows of
presence and windows into batches, ``event`` makes a batch an EPCIS event. All of it is pure; times are whole
microseconds since the Unix epoch.
"""

from __future__ import annotations
