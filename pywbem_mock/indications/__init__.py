"""
Indications of a mock server (DSP1054): ``changes`` decides who is told of a change,
``delivery`` brings it to the listener.

Stands on the store and the providers; the server imports it.
"""
