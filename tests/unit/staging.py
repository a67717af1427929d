"""
Operations that recorders are told without a connection.
"""

from __future__ import annotations

from typing import Any

from pywbem._recorder import BaseOperationRecorder, HttpRequest, HttpResponse

REQUEST = HttpRequest(11, "http://u:pw@h:5988", "/cimom", "POST", {"X": "1"}, b"<a>\xc3\xa4</a>")
RESPONSE = HttpResponse(11, 200, "OK", {"Y": "2"}, b"<b/>")


def stage(recorder: BaseOperationRecorder, **parts: Any) -> None:
    """Tell a recorder an operation."""
    request = parts.get("request", REQUEST)
    response = parts.get("response", RESPONSE)
    recorder.reset(parts.get("pull_op"))
    recorder.stage_pywbem_args(parts.get("method", "GetX"), **parts.get("args", {}))
    if request:
        recorder.stage_http_request("1-2", *request)
    if response:
        recorder.stage_http_response1("1-2", *response[:4])
        recorder.stage_http_response2(response.payload)
    recorder.stage_pywbem_result(parts.get("ret"), parts.get("exc"))
    recorder.record_staged()
