"""
A program for the type checker: it knows what each coroutine returns.
"""

from __future__ import annotations

from typing import AsyncGenerator, Dict, List, Optional, Tuple

import pywbem
import pywbem_mock


async def operations(conn: pywbem.AsyncWBEMConnection) -> None:
    path: pywbem.CIMInstanceName = await conn.CreateInstance(pywbem.CIMInstance("C"))
    instance: pywbem.CIMInstance = await conn.GetInstance(path)
    instances: List[pywbem.CIMInstance] = await conn.EnumerateInstances("C")
    stream: AsyncGenerator[pywbem.CIMInstance, None] = conn.IterEnumerateInstances("C")
    paths: AsyncGenerator[pywbem.CIMInstanceName, None] = conn.IterReferenceInstancePaths(path)
    query = await conn.IterQueryInstances("WQL", "select * from C")
    described: Optional[pywbem.CIMClass] = query.query_result_class
    instances += [item async for item in stream] + [item async for item in query]
    names: List[pywbem.CIMInstanceName] = [name async for name in paths]
    opened = await conn.OpenEnumerateInstances("C", MaxObjectCount=1)
    instances += opened.instances
    await conn.DeleteInstance(names[0])
    await conn.InvokeMethod("M", instance.path or path)
    print(described, conn.max_connections + 1)


async def helpers(conn: pywbem.AsyncWBEMConnection) -> Tuple[str, List[str], str]:
    server = pywbem.AsyncWBEMServer(conn)
    mapping = await pywbem.AsyncValueMapping.for_property(conn, None, "C", "P")
    async with pywbem.AsyncWBEMSubscriptionManager("me") as manager:
        server_id: str = await manager.add_server(server)
        filters: List[pywbem.CIMInstance] = await manager.get_all_filters(server_id)
        print(filters, mapping.tovalues(1))
    return await server.interop_ns, await server.namespaces, await server.brand


async def listen() -> List[Tuple[str, bool]]:
    async def callback(indication: pywbem.CIMInstance, host: str) -> None:
        print(indication.classname, host)

    got: List[Tuple[str, bool]] = []
    async with pywbem.AsyncWBEMListener("127.0.0.1", http_port=0, journal="j") as listener:
        port: Optional[int] = listener.http_port
        async for item in listener:
            got.append((item.indication.classname, item.redelivered))
        async for indication, host in listener:
            got.append((indication.classname + host, False))
        listener.add_callback(callback)
        await listener.stop(timeout=None)
        print(port, listener.counters.delivered + 1)
    return got


async def main() -> Dict[str, int]:
    faked = pywbem_mock.FakedWBEMConnection()
    async with pywbem_mock.AsyncFakedWBEMConnection.of(faked) as conn:
        await operations(conn)
        return {name: len(await conn.EnumerateInstances(name)) for name in ("C", "D")}


async def forgets_to_wait(conn: pywbem.AsyncWBEMConnection) -> int:
    return len(conn.EnumerateInstances("C"))  # type: ignore[arg-type]
