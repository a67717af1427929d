"""
Configuration variables of pywbem.

They are for the whole process and may be set at any time after the import;
the next operation or object uses the new value::

    import pywbem
    pywbem.config.ENFORCE_INTEGER_RANGE = False

Set them as attributes of this module.  A name imported out of it is a copy
that pywbem does not see.
"""

__all__ = [
    "AUTO_GENERATE_SFCB_UEP_HEADER",
    "DEBUG_WARNING_ORIGIN",
    "DEFAULT_ITER_MAXOBJECTCOUNT",
    "ENFORCE_INTEGER_RANGE",
    "IGNORE_NULL_KEY_VALUE",
    "MAX_MESSAGE_SIZE",
    "SEND_VALUE_NULL",
    "TOLERATE_INVALID_VALUES",
]

#: Enforce the value range of the CIM integer types (DSP0004 5.2).
#:
#: * ``True`` (default): creating an integer object such as
#:   :class:`~pywbem.Uint8` with a value outside of the range of its type
#:   raises :exc:`ValueError`.
#: * ``False``: any integer is accepted.  A server may still reject it.
ENFORCE_INTEGER_RANGE: bool = True

#: Number of objects that the ``Iter...`` operations of
#: :class:`~pywbem.WBEMConnection` ask for in one request when the caller does
#: not pass ``MaxObjectCount``.
DEFAULT_ITER_MAXOBJECTCOUNT: int = 1000

#: How NULL entries of array values are written in requests.
#:
#: * ``True`` (default): as ``VALUE.NULL``, as DSP0201 requires since its
#:   version 2.2.
#: * ``False``: as an empty ``VALUE``, for servers that do not know
#:   ``VALUE.NULL``.
#:
#: Responses may contain ``VALUE.NULL`` in both cases.
SEND_VALUE_NULL: bool = True

#: Accept ``None`` as the value of a keybinding.
#:
#: * ``False`` (default): creating a :class:`~pywbem.CIMInstanceName` with such
#:   a keybinding raises :exc:`ValueError`; a key is never NULL
#:   (DSP0004).
#: * ``True``: the keybinding is accepted.
IGNORE_NULL_KEY_VALUE: bool = False

#: Send the HTTP header ``Pragma: UpdateExpiredPassword`` with invocations of
#: the CIM method ``UpdateExpiredPassword``, as the Small Footprint CIM Broker
#: (SFCB) requires when a user with an expired password changes it.
#:
#: * ``True`` (default): send it.
#: * ``False``: do not send it.
AUTO_GENERATE_SFCB_UEP_HEADER: bool = True

#: Add the place in the code that issued it to the text of the warnings that
#: pywbem issues, for debugging.  The default is ``False``.
DEBUG_WARNING_ORIGIN: bool = False

#: What happens with a single value in a response that cannot be converted to
#: its CIM type, for example the datetime value ``not a date`` or an integer
#: out of range.
#:
#: * ``False`` (default): the response is rejected with
#:   :exc:`~pywbem.CIMXMLParseError`.
#: * ``True``: the value becomes ``None`` and a
#:   :class:`~pywbem.ToleratedServerIssueWarning` names it; the rest of the
#:   response is returned.
TOLERATE_INVALID_VALUES: bool = False

#: Size in bytes above which a message is rejected with
#: :exc:`~pywbem.XMLParseError`, so that a server cannot fill the memory, for
#: example with a small compressed response.  Of a response whose objects are
#: handed out as they arrive only what is kept of it counts: the object that is
#: not finished.  The default is 1 GiB.
MAX_MESSAGE_SIZE: int = 1024 * 1024 * 1024
