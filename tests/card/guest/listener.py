"""Runs in the emulated server: a unit that is connected to the broker, and says when that ended."""

import ssl
import sys
import threading
import time

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

ended = threading.Event()
client = mqtt.Client(
    CallbackAPIVersion.VERSION2, f"poincon.front.{sys.argv[1]}", protocol=mqtt.MQTTv311, reconnect_on_failure=False
)
context = ssl.create_default_context(cafile="ca.crt")
context.load_cert_chain("unit.crt", "unit.key")
client.tls_set_context(context)
client.on_connect = lambda *_: print("connected", flush=True)
client.on_disconnect = lambda *_: ended.set()
client.connect("localhost", 8883)
client.loop_start()
ended.wait()
print(f"ended {time.time()}", flush=True)
