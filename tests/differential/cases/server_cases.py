"""Units, value mappings, WBEM servers, subscriptions: what the client builds on operations."""

from __future__ import annotations

from typing import List

from tests.differential.sessions import Session, apart, table

PUNITS = [
    *(
        "byte",
        "bit",
        "meter",
        "second",
        "hour",
        "day",
        "week",
        "minute",
        "percent",
        "permille",
        "count",
    ),
    *("dBm", "bel", "decibel", "degree celsius", "degree fahrenheit", "degree C", "kelvin", "volt"),
    *(
        "ampere",
        "ohm",
        "watt",
        "hertz",
        "joule",
        "newton",
        "pascal",
        "rack unit",
        "liter",
        "liquid gallon",
    ),
    *(
        "fluid ounce",
        "cubic meter",
        "meter * second",
        "meter / second",
        "byte / second",
        "byte * 10^3",
    ),
    *(
        "byte * 2^10",
        "byte * 2^20 / second",
        "second * 10^-3",
        "second * 10^-6",
        "byte / second * 2^10",
    ),
    *(
        "revolution / minute",
        "revolution",
        "count / second",
        "meter^2",
        "meter / second^2",
        "meter ** 2",
    ),
    *(
        "10 * byte",
        "byte * 5",
        "byte * 5.5",
        "byte * -1",
        "percent * 10^2",
        "dataword",
        "radian",
        "steradian",
    ),
    *(
        "gram",
        "kilogram",
        "gram * 10^3",
        "mole",
        "candela",
        "lumen",
        "lux",
        "gray",
        "sievert",
        "becquerel",
    ),
    *(
        "coulomb",
        "farad",
        "henry",
        "weber",
        "tesla",
        "siemens",
        "volt ampere",
        "volt * ampere",
        "var",
    ),
    *(
        "block",
        "pixel",
        "page",
        "process",
        "",
        " ",
        "foo",
        "BYTE",
        "Byte",
        " byte ",
        "byte*2^10",
        "byte * 2 ^ 10",
    ),
    *("byte  *  2^10", "/ second", "byte /", "* 2", "byte second", "byte * second / meter / hour"),
    *(
        "byte / second * 10^3 / meter",
        "1",
        "byte * 2^70",
        "byte * 10^24",
        "byte * 10^0",
        "byte * 10^1",
    ),
    *(
        "byte * 10^-24",
        "byte * 10^25",
        "meter * 10^-2",
        "inch",
        "mil",
        "foot",
        "yard",
        "mile",
        "pound",
    ),
    *(
        "ounce",
        "degree",
        "degree celsius * 10^-1",
        "rem",
        "rad",
        "british thermal unit",
        "statampere",
    ),
    *(
        "event",
        "dot",
        "us gallon",
        "imperial gallon",
        "atmosphere",
        "bar",
        "celsius",
        "percent / second",
    ),
    *(
        "decibel(m)",
        "decibel(A)",
        "decibel(meter) * 10^-1",
        "bel(C)",
        "frequency",
        "us fluid ounce",
    ),
    *(
        "byte * (2^10)",
        "(byte / second)",
        "byte^-1",
        "second^-1",
        "meter^0",
        "dB",
        "nit",
        "color",
        "cfm",
    ),
]
UNITS = [
    *(
        "Bytes",
        "KiloBytes",
        "MegaBytes",
        "GigaBytes",
        "Bits",
        "KiloBits",
        "MegaBits",
        "GigaBits",
        "Words",
    ),
    *("Bits per Second", "KiloBits per Second", "MegaBits per Second", "GigaBits per Second"),
    *(
        "Bytes per Second",
        "KiloBytes per Second",
        "Blocks",
        "Packets",
        "Packets per Second",
        "Pages",
    ),
    *("Hertz", "MegaHertz", "Pixels", "Pixels per Inch", "Counts per Inch", "Pixels per Minute"),
    *(
        "Bits per Pixel",
        "Seconds",
        "MilliSeconds",
        "MicroSeconds",
        "NanoSeconds",
        "Minutes",
        "Hours",
    ),
    *("Days", "Weeks", "Microseconds", "Milliseconds", "HundredsOfNanoseconds", "Degrees C"),
    *(
        "Tenths of Degrees C",
        "Hundredths of Degrees C",
        "Degrees F",
        "Tenths of Degrees F",
        "Degrees K",
    ),
    *(
        "Color Temperature",
        "Volts",
        "MilliVolts",
        "Tenths of MilliVolts",
        "Amps",
        "MilliAmps",
        "Watts",
    ),
    *(
        "MilliWattHours",
        "Joules",
        "Coulombs",
        "Newtons",
        "Lumen",
        "Lux",
        "Candelas",
        "Pounds",
        "Feet",
    ),
    *(
        "Inches",
        "Millimeters",
        "Percent",
        "Tenths of Percent",
        "Revolutions per Minute",
        "Revolutions",
    ),
    *(
        "Pounds per Square Inch",
        "Cubic Inches",
        "Cubic Feet",
        "Cubic Meters",
        "Liters",
        "Fluid Ounces",
    ),
    *(
        "Radians",
        "Steradians",
        "Degrees",
        "Gravities",
        "Gs",
        "Decibels",
        "Events",
        "Events per Second",
    ),
    *(
        "Ohms",
        "Siemens",
        "Henrys",
        "Farads",
        "Webers",
        "Teslas",
        "Roentgens",
        "Becquerels",
        "dB",
        "foo",
        "",
    ),
    *("bytes", "None", "Dots per Inch", "Cycles per Second", "Seeks", "Thousandths of Degrees C"),
]
# The released package cannot make these; only that is compared.
MAPS_OF_OURS = {
    "open-and-unclaimed": "['..-1', '0', '6..', '..'], ['neg', 'zero', 'many', 'rest']",
    "hexadecimal": "['0x1F', '010', '11b'], ['a', 'b', 'c']",
}
MAPS = {
    "simple": "['1', '2', '5'], ['a', 'b', 'c']",
    "ranges": "['..-1', '0', '1..5', '6..'], ['neg', 'zero', 'few', 'many']",
    "unclaimed": "['1', '..', '9..20'], ['a', 'rest', 'c']",
    "open": "['..5', '7', '9..'], ['low', 'seven', 'high']",
    "duplicate-values": "['1', '2'], ['a', 'a']",
    "duplicate-map": "['1', '1'], ['a', 'b']",
    "overlap": "['1..5', '3..8'], ['a', 'b']",
    "fewer-values": "['1', '2'], ['a']",
    "fewer-map": "['1'], ['a', 'b']",
    "none-map": "None, ['a', 'b', 'c']",
    "none-values": "['1', '2'], None",
    "bad": "['x'], ['a']",
    "bad-range": "['1..x'], ['a']",
    "reversed": "['5..1'], ['a']",
    "spaces": "[' 1 ', '2 .. 3'], ['a', 'b']",
    "empty": "[], []",
    "negative": "['-5..-2', '-1'], ['a', 'b']",
    "empty-text": "['1', ''], ['a', 'b']",
    "empty-value": "['1', '2'], ['', None]",
    "scalar": "'1', 'a'",
}
VALUES = [
    *("0", "1", "2", "3", "5", "7", "8", "9", "10", "200", "-1", "-3", "31", "None", "'1'", "'a'"),
    *("1.0", "True", "Uint8(1)", "Uint16(5)", "[1]", "300", "-2**40"),
]
TEXTS = ["a", "b", "c", "A", "rest", "neg", "many", "few", "", "zero", "low", "high", "x", None, 5]
MAPPING_SETUP = """
def mapping(vm, values, cimtype='uint16', element='property', array=False, **options):
    quals = []
    if vm is not None:
        quals.append(CIMQualifier('ValueMap', vm, type='string'))
    if values is not None:
        quals.append(CIMQualifier('Values', values, type='string'))
    conn = FakedWBEMConnection()
    conn.compile_mof_string('''
        Qualifier ValueMap : string[], Scope(any); Qualifier Values : string[], Scope(any);
        Qualifier Key : boolean = false, Scope(property);
        Qualifier In : boolean = true, Scope(parameter);''')
    conn.add_cimobjects(CIMClass('C', [
        CIMProperty('K', None, 'string', qualifiers=[CIMQualifier('Key', True)]),
        CIMProperty('P', None, cimtype, is_array=array, qualifiers=quals if element == 'property' else None)],
        [CIMMethod('M', cimtype if element == 'method' else 'uint32', [
            CIMParameter('p', cimtype, is_array=array, qualifiers=quals if element == 'parameter' else None)],
            qualifiers=quals if element == 'method' else None)]))
    make = getattr(ValueMapping, 'for_' + element)
    names = {'property': ('P',), 'method': ('M',), 'parameter': ('M', 'p')}[element]
    return make(WBEMServer(conn), 'root/cimv2', 'C', *names, **options)
"""
MAPPING_ERRORS = [
    "mapping(['1'], ['a'], cimtype='string')",
    "mapping(['1'], ['a'], cimtype='string').tovalues('1')",
    "mapping(['1'], ['a'], cimtype='boolean')",
    "mapping(['1'], ['a'], cimtype='real32')",
    "mapping(['1'], ['a'], cimtype='datetime')",
    "mapping(['1', '..'], ['a', 'b'], cimtype='uint8').tovalues(255)",
    "mapping(['1', '..'], ['a', 'b'], cimtype='uint8').tobinary('b')",
    "mapping(['300'], ['a'], cimtype='uint8').tovalues(300)",
    "mapping(['1', '3..'], ['a', 'b'], values_default='d').tovalues(2)",
    "mapping(['1', '3..'], ['a', 'b'], values_default='d').tobinary('d')",
    "mapping(['1', '3..'], ['a', 'b'], values_default=5)",
    "mapping(['1', '2'], ['a'], values_default='d').tovalues(2)",
    "mapping(None, None)",
    "mapping(None, None, values_default='d')",
    "ValueMapping.for_property(WBEMServer(FakedWBEMConnection()), 'root/cimv2', 'C', 'P')",
    "ValueMapping.for_property(FakedWBEMConnection(), 'root/cimv2', 'C', 'P')",
    "ValueMapping.for_property(5, 'root/cimv2', 'C', 'P')",
    "ValueMapping.for_property(WBEMServer(FakedWBEMConnection()), 'n', 'C', 'P')",
    "m = mapping(['1'], ['a'])\nValueMapping.for_property(WBEMServer(m.conn), 'root/cimv2', 'C', 'X')",
    "m = mapping(['1'], ['a'])\nValueMapping.for_method(WBEMServer(m.conn), 'root/cimv2', 'C', 'X')",
    "m = mapping(['1'], ['a'])\nValueMapping.for_parameter(WBEMServer(m.conn), 'root/cimv2', 'C', 'M', 'X')",
    "m = mapping(['1'], ['a'])\nValueMapping.for_parameter(WBEMServer(m.conn), 'root/cimv2', 'C', 'X', 'X')",
    "m = mapping(['1'], ['a'])\nValueMapping.for_property(m.conn, None, 'C', 'P').tovalues(1)",
    "m = mapping(['1'], ['a'])\nValueMapping.for_property(m.conn, '/root/cimv2/', 'c', 'p').tovalues(1)",
]
CHANGED = """
def changed(how):
    conn = FakedWBEMConnection()
    mof = '''Qualifier ValueMap : string[], Scope(any); Qualifier Values : string[], Scope(any);
        class C {{ [ValueMap {{"1"}}, Values {{"{}"}}] uint8 P; }};'''
    conn.compile_mof_string(mof.format('old'))
    first = ValueMapping.for_property(conn, 'root/cimv2', 'C', 'P').tovalues(1)
    if how == 'delete':
        conn.DeleteClass('C')
        conn.compile_mof_string(mof.format('new'))
    elif how == 'compile':
        conn.compile_mof_string(mof.format('new'))
    else:
        c = conn.GetClass('C', LocalOnly=False)
        c.properties['P'].qualifiers['Values'].value = ['new']
        conn.ModifyClass(c)
    return first, ValueMapping.for_property(conn, 'root/cimv2', 'C', 'P').tovalues(1)
"""
INTEROP = """
MOF = '''
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride);
Qualifier Indication : boolean = false, Scope(class, indication), Flavor(DisableOverride);
Qualifier ValueMap : string[], Scope(any);
Qualifier Values : string[], Scope(any);
class CIM_ManagedElement { string Caption; };
class CIM_Namespace : CIM_ManagedElement {
  [Key] string SystemCreationClassName; [Key] string SystemName;
  [Key] string ObjectManagerCreationClassName; [Key] string ObjectManagerName;
  [Key] string CreationClassName; [Key] string Name; uint16 ClassType; string DescriptionOfClassType;
  uint16 ClassInfo; };
class CIM_ObjectManager : CIM_ManagedElement {
  [Key] string SystemCreationClassName; [Key] string SystemName; [Key] string CreationClassName;
  [Key] string Name; string ElementName; string Description; string Version; uint16 EnabledState; };
class CIM_RegisteredProfile : CIM_ManagedElement {
  [Key] string InstanceID;
  [ValueMap {"1", "2", "11"}, Values {"Other", "DMTF", "SNIA"}] uint16 RegisteredOrganization;
  string OtherRegisteredOrganization; string RegisteredName; string RegisteredVersion; };
[Association] class CIM_ElementConformsToProfile { [Key] CIM_RegisteredProfile REF ConformantStandard;
  [Key] CIM_ManagedElement REF ManagedElement; };
[Association] class CIM_ReferencedProfile { [Key] CIM_RegisteredProfile REF Antecedent;
  [Key] CIM_RegisteredProfile REF Dependent; };
class CIM_ComputerSystem : CIM_ManagedElement { [Key] string CreationClassName; [Key] string Name; };
class CIM_Fan : CIM_ManagedElement { [Key] string Name; };
[Association] class CIM_SystemDevice { [Key] CIM_ComputerSystem REF GroupComponent; [Key] CIM_Fan REF PartComponent; };
class CIM_IndicationFilter : CIM_ManagedElement { [Key] string SystemCreationClassName; [Key] string SystemName;
  [Key] string CreationClassName; [Key] string Name; string SourceNamespace; string SourceNamespaces[];
  string Query; string QueryLanguage; boolean IndividualSubscriptionSupported; };
class CIM_ListenerDestination : CIM_ManagedElement { [Key] string SystemCreationClassName; [Key] string SystemName;
  [Key] string CreationClassName; [Key] string Name; uint16 PersistenceType; };
class CIM_ListenerDestinationCIMXML : CIM_ListenerDestination { string Destination; uint16 Protocol; };
[Association] class CIM_IndicationSubscription { [Key] CIM_IndicationFilter REF Filter;
  [Key] CIM_ListenerDestination REF Handler; uint16 SubscriptionState; uint64 SubscriptionDuration;
  uint16 OnFatalErrorPolicy; uint16 RepeatNotificationPolicy; };
'''
MORE = '''
instance of CIM_ObjectManager { SystemCreationClassName = "CIM_ComputerSystem"; SystemName = "host";
  CreationClassName = "CIM_ObjectManager"; Name = "om"; ElementName = "Pegasus"; Description = "Pegasus OpenPegasus CIM Server Version 2.15.0"; };
instance of CIM_RegisteredProfile as $P1 { InstanceID = "P1"; RegisteredOrganization = 2; RegisteredName = "Fan"; RegisteredVersion = "1.0.0"; };
instance of CIM_RegisteredProfile as $P2 { InstanceID = "P2"; RegisteredOrganization = 2; RegisteredName = "Fan"; RegisteredVersion = "1.1.0"; };
instance of CIM_RegisteredProfile as $P3 { InstanceID = "P3"; RegisteredOrganization = 11; RegisteredName = "Array"; RegisteredVersion = "1.4.0"; };
instance of CIM_RegisteredProfile as $P4 { InstanceID = "P4"; RegisteredOrganization = 1; OtherRegisteredOrganization = "Mine"; RegisteredName = "Own"; RegisteredVersion = "1.0.0"; };
instance of CIM_ComputerSystem as $S { CreationClassName = "CIM_ComputerSystem"; Name = "sys"; };
instance of CIM_Fan as $F { Name = "fan"; };
instance of CIM_ElementConformsToProfile { ConformantStandard = $P3; ManagedElement = $S; };
instance of CIM_SystemDevice { GroupComponent = $S; PartComponent = $F; };
instance of CIM_ReferencedProfile { Antecedent = $P1; Dependent = $P3; };
instance of CIM_ReferencedProfile { Antecedent = $P2; Dependent = $P3; };
'''
conn = FakedWBEMConnection('interop')
with printed():
    conn.compile_mof_string(MOF)
    conn.compile_mof_string(MORE)
    conn.register_provider(CIMNamespaceProvider(conn.cimrepository), namespaces='interop', schema_pragma_files=None, verbose=False) if CLEAN else None
    conn.add_namespace('root/cimv2')
x = WBEMServer(conn)
def names_only(paths):
    return sorted(re.sub(r'(SystemName|ObjectManagerName|Name)=."[^"]*', '', str(path)) for path in paths)
"""
SERVER = [
    *(
        "x.interop_ns",
        "x.namespace_classname",
        "x.namespaces",
        "x.namespace_paths",
        "x.brand",
        "x.version",
    ),
    *(
        "x.cimom_inst",
        "x.profiles",
        "x.url",
        "str(x)",
        "repr(x)",
        "x.conn is conn",
        "x.organizations",
    ),
    *(
        "x.get_selected_profiles()",
        "x.get_selected_profiles('DMTF')",
        "x.get_selected_profiles('dmtf', 'fan')",
    ),
    *(
        "x.get_selected_profiles('DMTF', 'Fan', '1.1.0')",
        "x.get_selected_profiles('Mine')",
        "x.get_selected_profiles('X')",
    ),
    *(
        "x.get_selected_profiles(registered_name='Array')",
        "x.get_selected_profiles(registered_version='1.0.0')",
    ),
    *(
        "x.get_selected_profiles(['DMTF', 'SNIA'])",
        "x.get_selected_profiles(registered_name=['Fan', 'Own'])",
        "x.get_selected_profiles('Other')",
    ),
    "x.get_central_instances(x.get_selected_profiles('SNIA')[0].path)",
    "x.get_central_instances(x.get_selected_profiles('DMTF')[0].path)",
    "x.get_central_instances(x.get_selected_profiles('DMTF')[0].path, 'CIM_Fan', 'CIM_ComputerSystem', ['CIM_SystemDevice'])",
    "x.get_central_instances(x.get_selected_profiles('DMTF')[0].path, 'CIM_Fan', 'CIM_ComputerSystem', ['CIM_SystemDevice'], 'dmtf')",
    "x.get_central_instances(x.get_selected_profiles('DMTF')[0].path, 'CIM_Fan', 'CIM_ComputerSystem', ['CIM_SystemDevice'], 'snia')",
    "x.get_central_instances(x.get_selected_profiles('DMTF')[0].path, reference_direction='foo')",
    "x.get_central_instances('x')",
    "x.get_central_instances(CIMInstanceName('CIM_RegisteredProfile', {'InstanceID': 'X'}, namespace='interop'))",
    "x.create_namespace('root/new'), x.namespaces",
    "x.create_namespace('root/new')\nx.create_namespace('root/new')",
    "x.create_namespace('interop')",
    "x.create_namespace('root/PG_InterOp')",
    "x.create_namespace('/root/a/')",
    "x.create_namespace('')",
    "x.create_namespace(None)",
    "x.create_namespace('root/new', ['a'])",
    "x.delete_namespace('root/cimv2'), x.namespaces",
    "x.create_namespace('a')\nx.delete_namespace('a'), x.namespaces",
    "x.delete_namespace('nope')",
    "x.delete_namespace('interop')",
    "x.determine_interop_ns() if hasattr(x, 'determine_interop_ns') else None",
]
# A server whose object manager is that of its provider of namespaces.
SOUND = (
    INTEROP.replace("CLEAN", "True")
    + """
from pywbem_mock import config
profile = conn.EnumerateInstances('CIM_RegisteredProfile')[-1]
profiles = conn.GetClass('CIM_RegisteredProfile', LocalOnly=False, IncludeClassOrigin=True)
conn.DeleteInstance(conn.EnumerateInstanceNames('CIM_ObjectManager')[0])
manager = conn.CreateInstance(CIMInstance('CIM_ObjectManager', {
    'SystemCreationClassName': config.SYSTEMCREATIONCLASSNAME, 'SystemName': config.SYSTEMNAME,
    'CreationClassName': config.OBJECTMANAGERCREATIONCLASSNAME, 'Name': config.OBJECTMANAGERNAME,
    'ElementName': 'x', 'Description': 'x', 'Version': '1'}))
"""
)
_INSTANCES = "conn.cimrepository.get_instance_store('interop').update(profile.path, profile)"
_CLASSES = "conn.cimrepository.get_class_store('interop').update(profiles.classname, profiles)"
# What is wrong with the profiles, or the object manager, of a server.
DEFECTS = {
    "no-defect": "",
    "unknown-organization": f"profile['RegisteredOrganization'] = Uint16(77)\n{_INSTANCES}",
    "no-organization": f"del profile['RegisteredOrganization']\n{_INSTANCES}",
    "no-values": "for name in ('Values', 'ValueMap'):\n"
    f"    del profiles.properties['RegisteredOrganization'].qualifiers[name]\n{_CLASSES}",
    "no-property": f"del profiles.properties['RegisteredOrganization']\n{_CLASSES}",
    "no-object-manager": "conn.DeleteInstance(manager)",
}
DEFECTIVE = [
    "len(x.profiles)",
    "[profile['InstanceID'] for profile in x.get_selected_profiles()]",
    "[profile['InstanceID'] for profile in x.get_selected_profiles('DMTF')]",
    "x.create_namespace('root/new'), list(conn.namespaces)",
]
SUBSCRIPTION_SETUP = (
    INTEROP.replace("CLEAN", "True")
    + """
with printed():
    conn.register_provider(CIMIndicationFilterProvider(conn.cimrepository), namespaces='interop')
    conn.register_provider(CIMListenerDestinationProvider(conn.cimrepository), namespaces='interop')
    conn.register_provider(CIMIndicationSubscriptionProvider(conn.cimrepository), namespaces='interop')
m = WBEMSubscriptionManager('mgr')
s = m.add_server(WBEMServer(conn))
def clean(value):
    if isinstance(value, list):
        return [clean(item) for item in value]
    value = value.copy()
    for item in (value, getattr(value, 'path', None)):
        if item is not None:
            for name in ('SystemName', 'Name'):
                if name in item:
                    item[name] = re.sub(r'[0-9a-f]{8}-[0-9a-f-]{27}', 'UUID', item[name])
    for name in ('SubscriptionStartTime', 'TimeOfLastStateChange'):
        if name in getattr(value, 'properties', ()):
            value[name] = CIMDateTime('20260101000000.000000+000')
    return value
"""
)
SUBSCRIPTIONS = [
    "s",
    "str(m)",
    "repr(m)",
    "m.get_owned_filters(s)",
    "m.get_all_filters('nope')",
    "clean(m.add_filter(s, 'root/cimv2', 'SELECT * FROM CIM_AlertIndication', 'WQL', filter_id='f'))",
    "clean(m.add_filter(s, 'root/cimv2', 'SELECT * FROM CIM_AlertIndication', owned=False, name='f'))",
    "clean(m.add_filter(s, ['root/cimv2', 'interop'], 'SELECT', query_language='DMTF:CQL', filter_id='f'))",
    "m.add_filter(s, 'root/cimv2', 'SELECT')",
    "m.add_filter(s, 'root/cimv2', 'SELECT', filter_id='a:b')",
    "m.add_filter(s, 'root/cimv2', 'SELECT', filter_id='f', name='n')",
    "m.add_filter(s, 'root/cimv2', 'SELECT', owned=False)",
    "m.add_filter(s, 'root/cimv2', 'SELECT', filter_id='f', owned=False)",
    "m.add_filter(s, None, None, filter_id='f')",
    "m.add_filter(s, 'root/cimv2', 'Q', filter_id='f')\nclean(m.add_filter(s, 'root/cimv2', 'Q', filter_id='f'))",
    "m.add_filter(s, 'root/cimv2', 'Q', filter_id='f')\nclean(m.add_filter(s, 'root/cimv2', 'R', filter_id='f'))",
    "m.add_filter(s, 'root/cimv2', 'Q', name='f')",
    "m.add_filter(s, 'root/cimv2', 'Q', filter_id=5)",
    "clean(m.add_destination(s, 'http://me:5000', destination_id='d'))",
    "clean(m.add_destination(s, 'http://me:5000', owned=False, name='d'))",
    "m.add_destination(s, 'http://me:5000')",
    "m.add_destination(s, 'http://me', destination_id='d')",
    "m.add_destination(s, 'me:5000', destination_id='d')",
    "clean(m.add_destination(s, 'https://me:5000', destination_id='d', persistence_type='permanent'))",
    "clean(m.add_destination(s, 'https://me:5000', destination_id='d', persistence_type='transient'))",
    "m.add_destination(s, 'https://me:5000', destination_id='d', persistence_type='foo')",
    "clean(m.add_destination(s, 'http://[fe80::1%eth0]:5000', destination_id='d'))",
    "m.add_destination(s, 'ftp://me:5000', destination_id='d')",
    "m.add_destination(s, None, destination_id='d')",
    "clean(m.add_destination(s, 'http://me:5000/path?a=b', destination_id='d'))",
    "clean(m.add_listener_destinations(s, 'http://me:5000'))",
    "clean(m.add_listener_destinations(s, ['http://me:5000', 'https://me:5001']))",
    "m.add_destination(s, 'http://me:5000', destination_id='d')\nclean(m.add_destination(s, 'http://me:5000', destination_id='e'))",
    "m.add_destination(s, 'http://me:5000', destination_id='d')\nclean(m.add_destination(s, 'http://you:5000', destination_id='d'))",
    *(
        f"""f = m.add_filter(s, 'root/cimv2', 'Q', {f})
d = m.add_destination(s, 'http://me:5000', {d})
{line}"""
        for f, d in (
            ("filter_id='f'", "destination_id='d'"),
            ("owned=False, name='f'", "owned=False, name='d'"),
            ("filter_id='f'", "owned=False, name='d'"),
        )
        for line in (
            "clean(m.add_subscriptions(s, f.path, d.path))",
            "clean(m.add_subscriptions(s, f.path, owned=False, destination_paths=[d.path]))",
            "clean(m.add_subscriptions(s, f.path))",
            "m.add_subscriptions(s, None)",
            "m.add_subscriptions(s, f.path, [])",
            "m.add_subscriptions(s, f.path, d.path)\nm.remove_filter(s, f.path)",
            "m.add_subscriptions(s, f.path, d.path)\nm.remove_destinations(s, d.path)",
            "m.add_subscriptions(s, f.path, d.path)\nclean(m.add_subscriptions(s, f.path, d.path))",
            "m.add_subscriptions(s, f.path, d.path)\nm.remove_subscriptions(s, m.get_all_subscriptions(s)[0].path)\nm.get_all_subscriptions(s)",
            "m.add_subscriptions(s, f.path, d.path)\nm.remove_server(s)\nconn.EnumerateInstanceNames('CIM_IndicationSubscription')",
            "m.add_subscriptions(s, f.path, d.path)\nm.remove_all_servers()\n[len(conn.EnumerateInstanceNames(c)) for c in ('CIM_IndicationSubscription', 'CIM_IndicationFilter', 'CIM_ListenerDestination')]",
            "[len(l) for l in (m.get_owned_filters(s), m.get_all_filters(s), m.get_owned_destinations(s), m.get_all_destinations(s), m.get_owned_subscriptions(s), m.get_all_subscriptions(s))]",
            "m.remove_filter(s, f.path)\nlen(m.get_all_filters(s))",
            "m.remove_destinations(s, [d.path])\nlen(m.get_all_destinations(s))",
            "n = WBEMSubscriptionManager('mgr')\nn.add_server(WBEMServer(conn))\nclean(n.get_owned_filters(s) + n.get_owned_destinations(s))",
            "n = WBEMSubscriptionManager('other')\nn.add_server(WBEMServer(conn))\nclean(n.get_owned_filters(s) + n.get_owned_destinations(s))",
        )
    ),
    "m.add_server(WBEMServer(conn))",
    "m.add_server(conn)",
    "m.add_server(None)",
    "m.remove_server('nope')",
    "m.remove_server(s)\nm.get_all_filters(s)",
    "WBEMSubscriptionManager('')",
    "WBEMSubscriptionManager(None)",
    "WBEMSubscriptionManager('a:b')",
    "WBEMSubscriptionManager(5)",
    "WBEMSubscriptionManager()",
    "with WBEMSubscriptionManager('c') as c:\n    t = c.add_server(WBEMServer(conn))\n    c.add_filter(t, 'interop', 'Q', filter_id='f')\nlen(conn.EnumerateInstanceNames('CIM_IndicationFilter'))",
    "m.remove_filter(s, CIMInstanceName('CIM_IndicationFilter', {'Name': 'x'}, namespace='interop'))",
    "m.remove_subscriptions(s, [])",
    "m.remove_destinations(s, [])",
    "m.remove_filter(s, None)",
]


def sessions() -> List[Session]:
    """Return the sessions of this subject."""
    units = [
        *(f"siunit(punit={unit!r})" for unit in PUNITS),
        *(f"siunit(unit={unit!r})" for unit in UNITS),
        *(f"siunit(punit={unit!r}, use_ascii=True)" for unit in PUNITS),
    ]
    objects = [
        f"siunit_obj({kind}({name}qualifiers=[{q}]))"
        for kind, name in (
            ("CIMProperty", "'P', None, type='uint8', "),
            ("CIMMethod", "'M', 'uint8', "),
            ("CIMParameter", "'p', 'uint8', "),
        )
        for q in (
            "",
            "CIMQualifier('PUnit', 'byte')",
            "CIMQualifier('Units', 'Bytes')",
            "CIMQualifier('PUnit', 'byte'), CIMQualifier('Units', 'Bits')",
            "CIMQualifier('punit', 'byte * 2^10')",
            "CIMQualifier('PUnit', None, type='string')",
            "CIMQualifier('PUnit', 'foo')",
            "CIMQualifier('Units', 'foo')",
        )
    ] + [
        "siunit_obj(None)",
        "siunit_obj(5)",
        "siunit_obj(CIMClass('C'))",
        "siunit()",
        "siunit(None, None)",
        "siunit('byte', 'Bits')",
        "siunit(5)",
        "siunit(unit=5)",
    ]
    mapped = [
        table(
            f"valuemapping/{name}-{element}",
            [
                "x",
                *(f"x.tovalues({value})" for value in VALUES),
                *(f"x.tobinary({text!r})" for text in TEXTS),
                "list(x.items())",
                "str(x)",
                "attributes(x, 'conn')",
            ],
            MAPPING_SETUP + f"x = mapping({args}, element={element!r}, cimtype={cimtype!r})\n",
        )
        for name, args in MAPS.items()
        for element, cimtype in (("property", "sint16"), ("method", "uint32"))
        # Where the qualifiers stand makes no difference but for the type.
        if element == "property" or name in ("simple", "negative", "open")
    ]
    made = [
        f"mapping({args}, element={e!r}, array={a}) and 1"
        for args in {**MAPS, **MAPS_OF_OURS}.values()
        for e in ("property", "parameter", "method")
        for a in (False, True)
    ]
    return [
        table("siunit/text", units),
        table("siunit/object", objects),
        table("valuemapping/new", made, MAPPING_SETUP),
        *mapped,
        table("valuemapping/more", MAPPING_ERRORS, MAPPING_SETUP),
        table(
            "valuemapping/changed",
            [f"changed({how!r})" for how in ("delete", "compile", "modify")],
            CHANGED,
        ),
        *apart("server/use", SERVER, INTEROP.replace("CLEAN", "True")),
        *(
            case
            for name, defect in DEFECTS.items()
            for case in apart(f"server/{name}", DEFECTIVE, SOUND + defect)
        ),
        *apart(
            "server/empty",
            [
                *(
                    "x.interop_ns",
                    "x.namespaces",
                    "x.brand",
                    "x.version",
                    "x.cimom_inst",
                    "x.profiles",
                    "x.namespace_paths",
                )
            ],
            "x = WBEMServer(FakedWBEMConnection())",
        ),
        *apart("subscriptions", SUBSCRIPTIONS, SUBSCRIPTION_SETUP),
    ]
