namespace ZoeyKlaviyo.Tests;
