#!/usr/bin/env dotnet-script
#r "nuget: OpenAI, 2.2.0"
#r "System.Net.Http"
#load "other.csx"
using OpenAI;
