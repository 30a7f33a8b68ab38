"""The openai package of PyPI, unmodified, parses what mock-llm answers: replies, schemas, errors, and broken connections."""
import email.utils, http.client, json, subprocess, sys, time

import openai
from pydantic import BaseModel


class Score(BaseModel):
    reason: str
    points: int
    tags: list[str]


def broken(e: Exception) -> bool:
    """A broken connection: the package's own error until the head is there, that of the HTTP library below it (httpx or httpx2, by version) inside the body."""
    return isinstance(e, openai.APIConnectionError) or any(c.__name__ == "TransportError" for c in type(e).__mro__)


def main(mock: str) -> None:
    server = subprocess.Popen([mock, "--seconds", "100", "--key", "sk-test", "--retry-after", "0", "--oversize", "1000000"], stdout=subprocess.PIPE, text=True)
    try:
        base = server.stdout.readline().split()[1]
        client = openai.OpenAI(api_key="sk-test", base_url=base, max_retries=0, timeout=10)
        messages = [{"role": "system", "content": "Be short."}, {"role": "user", "content": "Say a few of these words: the cat sat on the mat and looked at \u00fcnic\u00f6de."}]
        ask = lambda fault=None, c=client: c.chat.completions.create(model="gpt-test", messages=messages, extra_headers={"x-mock-fault": fault} if fault else None)

        got = ask()
        assert got.model == "gpt-test" and got.object == "chat.completion" and got.choices[0].finish_reason == "stop", got
        assert got.choices[0].message.role == "assistant" and got.choices[0].message.content, got
        assert got.usage.total_tokens == got.usage.prompt_tokens + got.usage.completion_tokens > 0, got
        assert ask().choices[0].message.content == got.choices[0].message.content      # same request, same reply
        assert len(client.chat.completions.create(model="m", messages=messages, n=3).choices) == 3
        assert got._request_id.startswith("req_")

        parsed = client.chat.completions.parse(model="gpt-test", messages=messages, response_format=Score).choices[0].message.parsed
        assert isinstance(parsed, Score) and parsed.reason in messages[1]["content"], parsed
        assert json.loads(client.chat.completions.create(model="m", messages=messages, response_format={"type": "json_object"}).choices[0].message.content)

        for fault, kind in {"400": openai.BadRequestError, "401": openai.AuthenticationError, "403": openai.PermissionDeniedError, "404": openai.NotFoundError, "409": openai.ConflictError,
                            "422": openai.UnprocessableEntityError, "429": openai.RateLimitError, "429-date": openai.RateLimitError, "429-quota": openai.RateLimitError, "500": openai.InternalServerError,
                            "502": openai.InternalServerError, "503": openai.InternalServerError, "529": openai.InternalServerError, "content-filter": openai.BadRequestError}.items():
            try:
                ask(fault)
                raise SystemExit(f"{fault}: no error")
            except kind as e:
                assert type(e) is kind and e.body["message"], (fault, e)
                if fault == "429-quota": assert e.code == "insufficient_quota", e
                if fault == "content-filter": assert e.code == "content_filter", e
                if fault in ("429", "503", "529"): assert e.response.headers["retry-after"] == "0", (fault, e.response.headers)
                if fault == "429-date": assert abs(email.utils.parsedate_to_datetime(e.response.headers["retry-after"]).timestamp() - time.time()) < 60, e.response.headers
                if fault in ("400", "500", "429-quota"): assert "retry-after" not in e.response.headers, e.response.headers
        for fault, status in {"408": 408, "413": 413, "504": 504, "redirect": 307}.items():
            try:
                ask(fault, client.with_options(timeout=5))
                raise SystemExit(f"{fault}: no error")
            except (openai.APIStatusError, openai.APIConnectionError) as e:      # it follows a redirect, which leads to a closed port
                if fault == "redirect": assert isinstance(e, openai.APIConnectionError), (fault, e)
                else: assert e.status_code == status and e.body["message"], (fault, e)
        for fault in "reset-before", "reset-head", "reset-inside", "half", "long-length", "garbage":
            try:
                ask(fault)
                raise SystemExit(f"{fault}: no error")
            except Exception as e:
                assert broken(e), (fault, e)
        for fault in "chunked", "until-close", "close", "drip", "interim", "reset-after":
            assert ask(fault).choices[0].message.content == got.choices[0].message.content, fault
        unread = (openai.APIError, ValueError)      # no JSON: the package's error or that of its JSON reader, by version
        for fault, kind in {"empty": unread, "short-length": unread, "oversized": unread, "huge-header": openai.APIConnectionError}.items():
            try:
                ask(fault, client.with_options(http_client=openai.DefaultHttpxClient()))        # a connection of its own: what short-length sends too much is no reply to the next
                raise SystemExit(f"{fault}: no error")
            except kind as e:
                assert fault == "huge-header" or not broken(e), (fault, e)
        assert ask("cut").choices[0].finish_reason == "length"
        assert ask("filtered").choices[0].finish_reason == "content_filter"
        assert ask("refusal").choices[0].message.refusal
        try:
            ask(c=openai.OpenAI(api_key="sk-wrong", base_url=base, max_retries=0))
            raise SystemExit("a wrong key was taken")
        except openai.AuthenticationError:
            pass
        assert [m.id for m in client.models.list()] == ["mock"]

        azure = openai.AzureOpenAI(api_key="sk-test", api_version="2024-10-21", azure_endpoint=base[:-3], azure_deployment="scorer", max_retries=0)
        got = azure.chat.completions.create(model="scorer", messages=messages)
        assert got.model == "scorer" and got.choices[0].message.content, got
        assert got.choices[0].model_extra["content_filter_results"]["hate"] == {"filtered": False, "severity": "safe"}, got

        host, port = base.split("/")[2].split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        connection.request("GET", "/bill")
        bill = json.loads(connection.getresponse().read())
        assert bill["by_path"]["/openai/deployments/scorer/chat/completions"]["billed"] == 1 and bill["faults"]["429"] == 1 and bill["requests"] > bill["billed"], bill
        print(f"openai {openai.__version__}: {bill['requests']} requests, every reply and error parsed")
    finally:
        server.terminate()
        assert server.wait(10) == 0


main(sys.argv[1])
