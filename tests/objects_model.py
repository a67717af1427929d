"""
A model of storage, of associations and of jobs, for the tests of typed objects.
"""

from __future__ import annotations

import threading
from typing import Any, Dict, List

import pywbem
import pywbem_mock

NAMESPACE = "root/cimv2"

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
Qualifier In : boolean = true, Scope(parameter), Flavor(DisableOverride, ToSubclass);
Qualifier Out : boolean = false, Scope(parameter), Flavor(DisableOverride, ToSubclass);
Qualifier Static : boolean = false, Scope(property, method), Flavor(DisableOverride, ToSubclass);
Qualifier Description : string = null, Scope(any), Flavor(EnableOverride, ToSubclass, Translatable);
Qualifier PUnit : string = null, Scope(property, parameter, method);
Qualifier EmbeddedInstance : string = null, Scope(property, parameter, method);
Qualifier ValueMap : string[], Scope(property, parameter, method);
Qualifier Values : string[], Scope(property, parameter, method),
    Flavor(EnableOverride, ToSubclass, Translatable);

[Description("What went wrong.")]
class CIM_Error {
    string Message;
    [ValueMap {"0", "4"}, Values {"Other", "Hardware Error"}] uint16 ErrorType;
};

class CIM_ConcreteJob {
    [Key] string InstanceID;
    uint16 PercentComplete;
    [ValueMap {"2", "3", "4", "7", "8", "9", "10", "32768..65535"},
     Values {"New", "Starting", "Running", "Completed", "Terminated", "Killed", "Exception",
             "Vendor Reserved"}]
    uint16 JobState;
    string ErrorDescription;
    uint32 GetError([In(false), Out, EmbeddedInstance("CIM_Error")] string Error);
};

[Description("A disk.")]
class CIM_DiskDrive {
    [Key, Description("Its name.")] string Name;
    [Description("Its capacity."), PUnit("byte")] uint64 Size;
    string Caption;
    [ValueMap {"0", "2", "3", "6", "9..15", "..", "0x8000.."},
     Values {"Unknown", "OK", "Degraded", "Lost Communication", "DMTF Reserved", "Other",
             "Vendor Reserved"}]
    uint16 OperationalStatus[];
    [ValueMap {"hdd", "ssd"}, Values {"Hard Disk", "Solid State"}] string Kind;
    datetime InstallDate;
    datetime Uptime;
    string path;
    [EmbeddedInstance("CIM_Error")] string LastError;

    [Description("Request a state."),
     ValueMap {"0", "1", "4096", "4097.."},
     Values {"Completed", "Not Supported", "Job Started", "Reserved"}]
    uint32 RequestStateChange(
        [In, ValueMap {"2", "3", "6"}, Values {"Enabled", "Disabled", "Offline"}]
        uint16 RequestedState,
        [In(false), Out] CIM_ConcreteJob REF Job,
        [In] datetime TimeoutPeriod);
    [Static] uint32 Count([In(false), Out] uint32 Number);
};

class ACME_Disk : CIM_DiskDrive { uint8 Slot; };

class CIM_StorageExtent { [Key] string DeviceID; uint64 BlockSize; };

[Association]
class CIM_MediaPresent {
    [Key] CIM_DiskDrive REF Antecedent;
    [Key] CIM_StorageExtent REF Dependent;
    boolean FixedMedia;
};

instance of CIM_StorageExtent as $Extent { DeviceID = "extent-0"; BlockSize = 512; };
instance of CIM_DiskDrive as $Sda {
    Name = "sda"; Size = 1000; Caption = "first"; OperationalStatus = {2, 11, 40000, 77};
    Kind = "ssd"; InstallDate = "20240102030405.000000+000"; path = "/dev/sda";
    Uptime = "00000001020304.000000:000";
};
instance of ACME_Disk as $Sdb {
    Name = "sdb"; Size = 2000; OperationalStatus = {3}; Kind = "nvme"; Slot = 4;
};
instance of CIM_MediaPresent { Antecedent = $Sda; Dependent = $Extent; FixedMedia = true; };
"""


class JobProvider(pywbem_mock.MethodProvider):
    """
    RequestStateChange begins a job that takes time, fails or is cancelled, as its disk
    is asked for: Offline works, Disabled fails, Enabled is refused.
    """

    provider_classnames = ["CIM_DiskDrive", "ACME_Disk", "CIM_ConcreteJob"]

    def __init__(self, cimrepository: Any, takes: float = 0.2) -> None:
        super().__init__(cimrepository)
        self.takes = takes
        self.calls: List[Dict[str, Any]] = []

    def InvokeMethod(self, methodname: str, localobject: Any, params: Any) -> Any:
        if methodname == "Count":
            number = pywbem.CIMParameter("Number", "uint32", value=2)
            return pywbem.Uint32(0), [number]
        if methodname == "GetError":
            error = pywbem.CIMInstance("CIM_Error", {"Message": "spindle stopped"})
            error["ErrorType"] = pywbem.Uint16(4)
            return pywbem.Uint32(0), [
                pywbem.CIMParameter("Error", "string", embedded_object="instance", value=error)
            ]
        self.calls.append({name: param.value for name, param in params.items()})
        state: Any = params["RequestedState"].value if "RequestedState" in params else None
        if state == 2:
            return pywbem.Uint32(1), []
        path = self._begin({6: 7, 3: 10}.get(state, 9))
        return pywbem.Uint32(4096), [pywbem.CIMParameter("Job", "reference", value=path)]

    def _begin(self, final: int) -> pywbem.CIMInstanceName:
        """A job that ends in a state after a time; a cancelled one has not begun."""
        name = {"InstanceID": f"job-{len(self.calls)}"}
        path = pywbem.CIMInstanceName("CIM_ConcreteJob", name, namespace=NAMESPACE)
        self._store().create(path, self._job(path, 4, 10))
        timer = threading.Timer(
            self.takes, lambda: self._store().update(path, self._job(path, final, 100))
        )
        timer.daemon = True
        timer.start()
        return path

    def _store(self) -> Any:
        return self.cimrepository.get_instance_store(NAMESPACE)

    def _job(self, path: Any, state: int, percent: int) -> pywbem.CIMInstance:
        values = {
            **path.keybindings,
            "JobState": pywbem.Uint16(state),
            "PercentComplete": pywbem.Uint16(percent),
        }
        return pywbem.CIMInstance("CIM_ConcreteJob", values, path=path)


def connection(takes: float = 0.1) -> pywbem_mock.FakedWBEMConnection:
    """A mock server with the model."""
    conn = pywbem_mock.FakedWBEMConnection(default_namespace=NAMESPACE, use_pull_operations=True)
    conn.compile_mof_string(MOF)
    conn.register_provider(JobProvider(conn.cimrepository, takes))
    return conn
