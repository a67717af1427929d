"""
Configuration variables of the mock WBEM server.

They are for the whole process and may be set at any time after the import; the
next operation uses the new value::

    import pywbem_mock
    pywbem_mock.config.SYSTEMNAME = "MyTestSystem"

Set them as attributes of this module.  A name imported out of it is a copy
that pywbem_mock does not see.
"""

__all__ = [
    "DEFAULT_MAX_OBJECT_COUNT",
    "IGNORE_INSTANCE_ICO_PARAM",
    "IGNORE_INSTANCE_IQ_PARAM",
    "OBJECTMANAGERCREATIONCLASSNAME",
    "OBJECTMANAGERNAME",
    "OPEN_MAX_TIMEOUT",
    "SYSTEMCREATIONCLASSNAME",
    "SYSTEMNAME",
]

#: Name of the object manager of the mock server: the value of the property
#: ``ObjectManagerName`` of instances such as those of CIM_Namespace.
OBJECTMANAGERNAME: str = "FakeObjectManager"

#: Class of the object manager of the mock server: the value of the property
#: ``ObjectManagerCreationClassName``.
OBJECTMANAGERCREATIONCLASSNAME: str = "CIM_ObjectManager"

#: Name of the system of the mock server: the value of the property
#: ``SystemName``.
SYSTEMNAME: str = "MockSystem_WBEMServerTest"

#: Class of the system of the mock server: the value of the property
#: ``SystemCreationClassName``.
SYSTEMCREATIONCLASSNAME: str = "CIM_ComputerSystem"

#: Number of objects that the Open... operations return when the client does
#: not pass ``MaxObjectCount``.
DEFAULT_MAX_OBJECT_COUNT: int = 100

#: Highest value of ``OperationTimeout`` that the Open... operations accept, in
#: seconds; also the timeout when the client does not pass it.
OPEN_MAX_TIMEOUT: int = 40

#: Ignore the parameter ``IncludeQualifiers`` of the operations that return
#: instances, and never return qualifiers of instances (DSP0200 has deprecated
#: the parameter).
IGNORE_INSTANCE_IQ_PARAM: bool = True

#: Ignore the parameter ``IncludeClassOrigin`` of the operations that return
#: instances, and never return the class origin of their properties (DSP0200
#: has deprecated the parameter).
IGNORE_INSTANCE_ICO_PARAM: bool = True
