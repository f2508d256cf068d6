console.log("rapo")
