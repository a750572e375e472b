"""The exchange with a badge: proof, enrolment, wiping, reading, over any way of passing APDUs back and forth.

Nothing here reads or writes by itself: `transceive` takes an APDU and returns the answer, `random` gives bytes.
The figures in the tests are NXP's own (AN10922, AN12196) and those of published DESFire traces.
"""
