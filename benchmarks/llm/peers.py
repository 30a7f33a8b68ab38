"""peers.py MODE PORT CA IN_FLIGHT TOTAL [CORE]: requests a second and CPU microseconds a request of a Python client, the same requests as ask.cpp sends."""
import asyncio, os, resource, ssl, sys, time

mode, port, ca, in_flight, total = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
base = f"{'https' if ca else 'http'}://127.0.0.1:{port}/v1"
text = ""
while len(text) < 1100: text += "The people in the picture have different opinions about the way we live now. "
messages = [{"role": "system", "content": "Read the paragraph. Answer with a short remark."}]
left = iter(range(total))

def asked(i): return {"model": "bench", "temperature": 0.3, "messages": messages + [{"role": "user", "content": f"{i} {text}"}]}

async def workers(one):
    async def work():
        for i in left: await one(i)
    await asyncio.gather(*(work() for _ in range(in_flight)))

async def with_aiohttp():
    import aiohttp
    context = ssl.create_default_context(cafile=ca) if ca else None
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=in_flight, ssl=context or False)) as session:
        async def one(i):
            async with session.post(base + "/chat/completions", json=asked(i), headers={"Authorization": "Bearer sk-bench"}) as r:
                assert r.status == 200 and (await r.json())["choices"]
        await workers(one)

async def with_httpx():
    import httpx
    limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
    async with httpx.AsyncClient(limits=limits, verify=ca or True, timeout=60) as client:
        async def one(i):
            r = await client.post(base + "/chat/completions", json=asked(i), headers={"Authorization": "Bearer sk-bench"})
            assert r.status_code == 200 and r.json()["choices"]
        await workers(one)

async def with_openai():
    import httpx, openai
    limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
    async with openai.AsyncOpenAI(api_key="sk-bench", base_url=base, http_client=httpx.AsyncClient(limits=limits, verify=ca or True, timeout=60)) as client:
        async def one(i):
            assert (await client.chat.completions.create(**asked(i))).choices
        await workers(one)

os.sched_setaffinity(0, {0})
run = {"aiohttp": with_aiohttp, "httpx": with_httpx, "openai": with_openai}[mode]
began, cpu = time.perf_counter(), time.process_time()
asyncio.run(run())
took = time.perf_counter() - began
print(f"{total / took:.0f} {(time.process_time() - cpu) * 1e6 / total:.1f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")
